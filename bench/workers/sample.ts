/** Sampling from the micro policy with the engine, no completion ending early. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOnnxEngine } from "../../server/training/engine/onnx/engine.ts";

interface Settings {
  model: string;
  prompts: number;
  completions: number;
  promptLength: number;
  newTokens: number;
  threads: number;
  warmup: number;
  runs: number;
}

const s = JSON.parse(process.argv[2] as string) as Settings;
const dir = mkdtempSync(join(tmpdir(), "toolexpander-bench-"));
cpSync(s.model, dir, { recursive: true });
const { vocab_size: vocabulary } = JSON.parse(readFileSync(join(dir, "config.json"), "utf8")) as { vocab_size: number };
writeFileSync(join(dir, "generation_config.json"), JSON.stringify({ eos_token_id: vocabulary }));
const optimizer = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 };
const engine = await createOnnxEngine({
  model: dir,
  device: "cpu",
  threads: s.threads,
  microBatchTokens: 2048,
  optimizer,
});
const prompts = Array.from({ length: s.prompts }, (_, sample) => ({
  tokens: Int32Array.from({ length: s.promptLength }, (_, t) => (t * 131 + sample * 17 + 5) % vocabulary),
  key: { seed: 1, step: 1, sample },
}));
const times: number[] = [];
let tokens = 0;
for (let run = -s.warmup; run < s.runs; run++) {
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
rmSync(dir, { recursive: true });
console.log(JSON.stringify({ times, tokens }));
