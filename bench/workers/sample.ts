/** Sampling with the engine from a policy that ends no completion. */
import { createOnnxEngine } from "../../server/training/engine/onnx/engine.ts";
import type { Target } from "../../server/training/engine/onnx/graph/graph.ts";
import { countTraffic } from "./traffic.ts";

interface Settings {
  /** Hugging Face model directory. */
  model: string;
  prompts: number;
  completions: number;
  promptLength: number;
  newTokens: number;
  device: Target;
  threads: number;
  warmup: number;
  runs: number;
}

const s = JSON.parse(process.argv[2] as string) as Settings;
const traffic = countTraffic(s.device);
const optimizer = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 };
const engine = await createOnnxEngine({
  model: s.model,
  device: s.device,
  threads: s.threads,
  microBatchTokens: 2048,
  optimizer,
});
const { vocabulary } = engine.info;
const prompts = Array.from({ length: s.prompts }, (_, sample) => ({
  tokens: Int32Array.from({ length: s.promptLength }, (_, t) => (t * 131 + sample * 17 + 5) % vocabulary),
  key: { seed: 1, step: 1, sample },
}));
const times: number[] = [];
let tokens = 0;
for (let run = -s.warmup; run < s.runs; run++) {
  if (run === 0 && traffic) Object.assign(traffic, { toDevice: 0, fromDevice: 0 });
  const started = performance.now();
  tokens = 0;
  for await (const completion of engine.generate(prompts, s.completions, {
    temperature: 0.7,
    maxNewTokens: s.newTokens,
  })) {
    tokens += completion.tokens.length;
  }
  if (run >= 0) times.push(performance.now() - started);
}
await engine.dispose();
console.log(JSON.stringify({ times, tokens, traffic }));
