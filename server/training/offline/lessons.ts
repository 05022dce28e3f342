/**
 * From frozen values to what a mini-batch of turns is learnt with: advantages over whole episodes (gae.ts), then one learning signal for
 * each turn. A turn is one action: its tokens share an advantage, and its value is learnt at the first of them alone.
 */
import type { Settings } from "../../../schemas/experiment.ts";
import type { LearningGroup } from "../engine/policyEngine.ts";
import { miniBatchAdvantages } from "../objectives/advantages.ts";
import { tokenWeights } from "../objectives/aggregation.ts";
import { generalizedAdvantages } from "../objectives/gae.ts";
import type { StoredEpisode, StoredTurn } from "./data.ts";
import type { Frozen } from "./frozen.ts";

/** Of all turns of the data set, episode after episode. */
export interface TurnEstimates {
  advantages: Float64Array;
  /** What V is to become. */
  returns: Float64Array;
}

/** An episode that ran out of steps has ended too: it is paid as a wrong one, and nothing is expected behind it. */
export function estimate(
  episodes: readonly StoredEpisode[],
  values: Float32Array,
  { gamma, lambda }: Pick<Settings["ppo"], "gamma" | "lambda">,
): TurnEstimates {
  const all = { advantages: new Float64Array(values.length), returns: new Float64Array(values.length) };
  let at = 0;
  for (const { turns } of episodes) {
    const rewards = turns.map(({ reward }) => reward);
    const own = generalizedAdvantages(rewards, values.subarray(at, at + turns.length), { gamma, lambda });
    all.advantages.set(own.advantages, at);
    all.returns.set(own.returns, at);
    at += turns.length;
  }
  return all;
}

/** @param chosen indices of the mini-batch's turns */
export function lessonsOf(
  chosen: readonly number[],
  turns: readonly StoredTurn[],
  { oldLogprobs, values, refLogprobs }: Frozen,
  estimates: TurnEstimates,
  { objective, lengths, ppo }: Settings,
): LearningGroup[] {
  const raw = chosen.map((index) => estimates.advantages[index] as number);
  const advantages = ppo.normalizeAdvantages ? miniBatchAdvantages(raw) : raw;
  const tokens = chosen.map((index) => (turns[index] as StoredTurn).completion.length);
  const masked = tokens.map(() => false);
  const weights = tokenWeights(tokens, masked, objective.aggregation, lengths.response);
  return chosen.map((index, place) => {
    const { prompt, completion } = turns[index] as StoredTurn;
    const first = (value: number): Float32Array =>
      Float32Array.from(completion, (_, token) => (token === 0 ? value : 0));
    const reference = refLogprobs?.[index];
    return {
      prompt,
      completions: [completion],
      signals: [
        {
          weights: weights[place] as Float32Array,
          advantage: advantages[place] as number,
          oldLogprobs: oldLogprobs[index] as Float32Array,
          ...(reference && { refLogprobs: reference }),
          values: {
            old: first(values[index] as number),
            targets: first(estimates.returns[index] as number),
            weights: first(1 / chosen.length),
          },
        },
      ],
    };
  });
}
