/**
 * Trains a new adapter of every golden model of lora.py for a few steps and exports it as the engine does after a run, into
 * `<folder>/<model>`: `adapter/`, `model/` with the adapter merged, and the engine's own log-probabilities in
 * `logprobs.json`, for `python scripts/golden/lora.py --exported <folder>` to compare.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createOnnxEngine } from "../../server/training/engine/onnx/engine.ts";
import {
  adaptedModels,
  goldenDir,
  goldenLora,
  goldenMiniBatch,
  readGolden,
} from "../../server/training/engine/onnx/testing/golden.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Say into which folder");
for (const model of adaptedModels) {
  const dir = join(resolve(folder), model);
  mkdirSync(dir, { recursive: true });
  const golden = readGolden(model);
  const groups = goldenMiniBatch(golden);
  const engine = await createOnnxEngine({
    model: goldenDir(model),
    adapter: goldenLora(model),
    device: "cpu",
    threads: 1,
    microBatchTokens: 40,
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
  });
  for (let step = 0; step < 4; step++) {
    await engine.update({ groups, objective: { kind: "supervised" }, temperature: 1, learningRate: 0.02 });
  }
  const logprobs = await engine.logprobs(groups, "current", golden.temperature);
  writeFileSync(
    join(dir, "logprobs.json"),
    JSON.stringify(logprobs.map((group) => group.map((values) => Array.from(values)))),
  );
  await engine.exportAdapter(join(dir, "adapter"));
  await engine.exportModel(join(dir, "model"), "f32");
  await engine.dispose();
}
