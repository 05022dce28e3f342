/**
 * Exports every golden model in both precisions as the engine does after a run, into `<folder>/<model>-<precision>`, for
 * `python scripts/golden/architectures.py --exported <folder>` to load.
 */
import { join, resolve } from "node:path";
import { createOnnxEngine } from "../../server/training/engine/onnx/engine.ts";
import { goldenDir, goldenModels } from "../../server/training/engine/onnx/testing/golden.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Say into which folder");
for (const model of goldenModels) {
  const engine = await createOnnxEngine({
    model: goldenDir(model),
    device: "cpu",
    threads: 1,
    microBatchTokens: 1,
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
  });
  for (const dtype of ["f32", "bf16"] as const) await engine.exportModel(join(resolve(folder), `${model}-${dtype}`), dtype);
  await engine.dispose();
}
