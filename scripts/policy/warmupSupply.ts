/** The warm-up's rows as the tokens a policy learns from. */
import type { PromptRenderer } from "../../server/prompts/promptRenderer.ts";
import type { Tokenizer } from "../../server/prompts/tokenizer.ts";
import { type PromptShares, warmupRows } from "../quickstart/warmupRows.ts";
import type { WarmupRow } from "./warmupStage.ts";

const CLOSING = "</examples>\n";

/** An endless supply: prompts and targets of the warm-up's rows. */
export function* warmupSupply(
  seed: number,
  shares: PromptShares,
  renderer: PromptRenderer,
  tokenizer: Tokenizer,
): Generator<WarmupRow> {
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
