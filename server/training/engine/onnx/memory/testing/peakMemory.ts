/**
 * A program of its own: has the engine sample, score and update with texts as long as the settings admit, and prints the most memory
 * that the process had, in bytes. Argument: JSON with `model`, a directory whose policy never ends a completion, `settings`, and `precision` where it is not float32.
 */
import type { LearningGroup } from "../../../policyEngine.ts";
import { createOnnxEngine } from "../../engine.ts";
import type { MemorySettings } from "../estimate.ts";

const { model, settings, precision } = JSON.parse(process.argv[2] ?? "") as {
  model: string;
  settings: MemorySettings;
  precision?: "f16";
};
console.log(await peakBytes());

async function peakBytes(): Promise<number> {
  const { prompt, response, groupSize, prompts, microBatchTokens, maxSequences, reference, entropy, threads, lora } =
    settings;
  const engine = await createOnnxEngine({
    model,
    device: "cpu",
    threads,
    microBatchTokens,
    maxSequences,
    ...(precision && { precision }),
    ...(lora && { adapter: lora }),
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
  });
  const texts = Array.from({ length: prompts }, (_, i) =>
    Int32Array.from({ length: prompt }, (_, t) => (i + 7 * t) % 97),
  );
  const requests = texts.map((tokens, sample) => ({ tokens, key: { seed: 1, step: 1, sample } }));
  const groups: LearningGroup[] = texts.map((tokens) => ({ prompt: tokens, completions: [], signals: [] }));
  for await (const drawn of engine.generate(requests, groupSize, { temperature: 1, maxNewTokens: response })) {
    groups[drawn.prompt]?.completions.push(drawn.tokens);
    const weights = new Float32Array(response).fill(0.01);
    groups[drawn.prompt]?.signals.push({ weights, advantage: 1, oldLogprobs: drawn.logprobs });
  }
  if (reference) {
    const scored = await engine.logprobs(groups, "reference", 1);
    for (const [g, { signals }] of groups.entries())
      for (const [c, signal] of signals.entries()) signal.refLogprobs = scored[g]?.[c] ?? new Float32Array(response);
  }
  const objective = { kind: "grpo", clipLow: 0.2, clipHigh: 0.2, beta: reference ? 0.01 : 0, kl: "k3" } as const;
  await engine.update({
    groups,
    objective: { ...objective, entropy: entropy ? 0.01 : 0 },
    temperature: 1,
    learningRate: 1e-5,
  });
  await engine.dispose();
  return process.resourceUsage().maxRSS * 1024;
}
