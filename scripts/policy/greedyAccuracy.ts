/** Share of a sample file's first rows that a policy answers correctly, decoding greedily. */
import type { PromptStyle } from "../../schemas/samples.ts";
import type { PromptRenderer } from "../../server/prompts/promptRenderer.ts";
import type { Tokenizer } from "../../server/prompts/tokenizer.ts";
import type { ToolMap } from "../../server/toolcalls/catalog.ts";
import { rewardNamed } from "../../server/toolcalls/rewards/rewardNamed.ts";
import { loadSamples } from "../../server/toolcalls/samples.ts";
import type { PolicyEngine } from "../../server/training/engine/policyEngine.ts";

export async function greedyAccuracy(
  engine: PolicyEngine,
  renderer: PromptRenderer,
  tokenizer: Tokenizer,
  file: string,
  tools: ToolMap,
  rows: number,
  style: PromptStyle = "tool-call",
): Promise<number> {
  const samples = loadSamples(file, tools)
    .slice(0, rows)
    .map((sample) => ({ ...sample, style }));
  const exemplifying = style === "self-exemplify";
  const reward = rewardNamed(exemplifying ? "set" : "toolexpander");
  const prompts = samples.map((sample, index) => ({
    tokens: renderer.prompt(sample).tokens,
    key: { seed: 0, step: 0, sample: index },
  }));
  let solved = 0;
  for await (const { prompt, tokens } of engine.generate(prompts, 1, {
    temperature: 0,
    maxNewTokens: exemplifying ? 384 : 128,
  })) {
    const sample = samples[prompt];
    if (sample !== undefined && reward(tokenizer.decode(tokens), sample).reward >= 1) solved++;
  }
  return solved / samples.length;
}
