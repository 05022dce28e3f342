/** The tokens of one completion with their log-probabilities. The store keeps ids; their texts come from the run's own tokenizer. */
import { InputError } from "../../../schemas/problem.ts";
import type { TokenDetail } from "../../../schemas/rolloutView.ts";
import type { RolloutPosition } from "../../../schemas/run.ts";
import { tokenTexts } from "../../../server/prompts/tokenTexts.ts";
import { plain } from "../../../server/toolcalls/display.ts";
import type { RunFacts } from "./runFacts.ts";

/** More are more than a screen shows and a person reads. */
const most = 8192;

export function tokenDetail({ store, model }: RunFacts, at: RolloutPosition): TokenDetail {
  const kept = store.rollouts.tokens(at);
  if (!kept) return { problem: "Tokens are kept of training alone, so nothing is known of each token here." };
  try {
    if (!model) throw new InputError("the record of the run cannot be read");
    const { tokens: ids, logprobs } = kept;
    const texts = tokenTexts(model.tokenizer, ids.subarray(0, most));
    let at = 0;
    const tokens = texts.map(({ text, tokens: taken }) => {
      const logprob = logprobs.subarray(at, at + taken).reduce((sum, one) => sum + one, 0);
      at += taken;
      return { text, logprob: Number.isFinite(logprob) ? logprob : null };
    });
    return { tokens, more: Math.max(0, ids.length - most) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { problem: `What the tokens spell is not known: ${plain(error.message, 300).replace(/\.$/, "")}.` };
  }
}
