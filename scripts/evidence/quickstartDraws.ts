/** How long what the micro policy draws for the quickstart is: what counts of batching and padding are made on. */
import { join } from "node:path";
import { ChatTemplate } from "../../server/prompts/chatTemplate.ts";
import { PromptRenderer } from "../../server/prompts/promptRenderer.ts";
import { Tokenizer } from "../../server/prompts/tokenizer.ts";
import { loadSamples } from "../../server/toolcalls/samples.ts";
import { createOnnxEngine } from "../../server/training/engine/onnx/engine.ts";
import { catalog } from "../quickstart/catalog.ts";

const QUICKSTART = join(import.meta.dirname, "..", "..", "examples", "quickstart");
const POLICY = join(QUICKSTART, "policy");

/** Tokens of a prompt and of each of its completions. */
export interface DrawnGroup {
  prompt: number;
  completions: number[];
}

/** Completions of the first training samples, in the samples' order; always the same ones. */
export async function quickstartDraws(prompts: number, rollouts: number, temperature: number): Promise<DrawnGroup[]> {
  const tokenizer = Tokenizer.load(POLICY);
  const renderer = new PromptRenderer(tokenizer, ChatTemplate.load(POLICY), catalog);
  const samples = loadSamples(join(QUICKSTART, "train.samples.jsonl"), catalog).slice(0, prompts);
  const asked = samples.map((sample, index) => ({
    tokens: renderer.prompt(sample, undefined).tokens,
    key: { seed: 1, step: 1, sample: index },
  }));
  const engine = await createOnnxEngine({
    model: POLICY,
    device: "cpu",
    threads: 1,
    microBatchTokens: 2048,
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
  });
  const groups = asked.map(({ tokens }): DrawnGroup => ({ prompt: tokens.length, completions: [] }));
  for await (const { prompt, rollout, tokens } of engine.generate(asked, rollouts, { temperature, maxNewTokens: 128 }))
    (groups[prompt] as DrawnGroup).completions[rollout] = tokens.length;
  await engine.dispose();
  return groups;
}
