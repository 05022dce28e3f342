/** The warm-up's rows as the tokens a policy learns from. */
import type { PromptRenderer } from "../../server/prompts/promptRenderer.ts";
import type { Tokenizer } from "../../server/prompts/tokenizer.ts";
import { firstCompletion, inFirstWording } from "../quickstart/firstWording.ts";
import { type PromptShares, warmupRows } from "../quickstart/warmupRows.ts";
import type { WarmupRow } from "./warmupStage.ts";

export interface Supply {
  seed: number;
  shares: PromptShares;
  renderer: PromptRenderer;
  tokenizer: Tokenizer;
}

const CLOSING = "</examples>\n";

/** An endless supply of prompts and targets. */
export function* warmupSupply({ seed, shares, renderer, tokenizer }: Supply): Generator<WarmupRow> {
  for (const { sample } of warmupRows(seed, Number.MAX_SAFE_INTEGER, shares)) {
    const target = renderer.target(sample);
    const examples = target.text.lastIndexOf(CLOSING);
    yield {
      prompt: renderer.prompt(sample).tokens,
      target: target.tokens,
      invented: examples === -1 ? 0 : tokenizer.encode(target.text.slice(0, examples + CLOSING.length)).length,
    };
  }
}

/** The same in the wording that the policy met first; every token of it counts alike. */
export function* firstSupply({ seed, shares, renderer, tokenizer }: Supply): Generator<WarmupRow> {
  for (const { sample } of warmupRows(seed, Number.MAX_SAFE_INTEGER, shares, firstCompletion)) {
    yield {
      prompt: tokenizer.encode(inFirstWording(renderer.prompt(sample).text)),
      target: renderer.target(sample).tokens,
    };
  }
}
