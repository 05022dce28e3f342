/** One update of the engine, the same work as the peer's: forward, backward, AdamW, loss on the completion tokens. */
import { rmSync } from "node:fs";
import { createOnnxEngine } from "../../server/training/engine/onnx/engine.ts";
import type { Target } from "../../server/training/engine/onnx/graph/graph.ts";
import type { LearningGroup } from "../../server/training/engine/policyEngine.ts";
import { loraOf } from "../engine/lora.ts";
import type { Shape } from "../engine/operations.ts";
import { randomModel } from "../engine/randomModel.ts";
import { countTraffic } from "./traffic.ts";

interface Settings {
  shape: Shape;
  device: Target;
  threads: number;
  microBatchTokens: number;
  warmup: number;
  runs: number;
}

const { shape, device, threads, microBatchTokens, warmup, runs } = JSON.parse(process.argv[2] as string) as Settings;
const traffic = countTraffic(device);
const model = randomModel(shape, shape.promptLength + shape.completionLength);
const engine = await createOnnxEngine({
  model,
  ...(shape.adapter && { adapter: loraOf(shape.adapter) }),
  device,
  threads,
  microBatchTokens,
  optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, maxGradNorm: 1 },
});
const tokens = (length: number, salt: number) =>
  Int32Array.from({ length }, (_, i) => (i * 31 + salt * 17) % shape.vocab);
const weight = 1 / (shape.prompts * shape.completions * shape.completionLength);
const groups: LearningGroup[] = Array.from({ length: shape.prompts }, (_, b) => ({
  // The prompt's last token opens the completion, so promptLength tokens come before the first that is learnt.
  prompt: tokens(shape.promptLength, b),
  completions: Array.from({ length: shape.completions }, (_, g) => tokens(shape.completionLength, 100 * b + g)),
  signals: Array.from({ length: shape.completions }, () => ({
    weights: new Float32Array(shape.completionLength).fill(weight),
    advantage: 0,
  })),
}));
const times: number[] = [];
for (let run = -warmup; run < runs; run++) {
  if (run === 0 && traffic) Object.assign(traffic, { toDevice: 0, fromDevice: 0 });
  const { milliseconds } = await engine.update({
    groups,
    objective: { kind: "supervised" },
    temperature: 1,
    learningRate: 1e-5,
  });
  if (run >= 0) times.push(milliseconds);
}
await engine.dispose();
rmSync(model, { recursive: true });
console.log(JSON.stringify({ times, traffic, parameters: engine.info.parameters }));
