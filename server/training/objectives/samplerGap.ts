/** How far the log-probabilities at sampling are from those that training computes for the same policy and tokens. */
import { klOfToken } from "./kl.ts";

/** A ratio beyond [1/FACTOR, FACTOR] is a token that the two computations disagree on. */
const FACTOR = 2;

export interface SamplerGap {
  /** Mean and maximum of |logp_train − logp_sampler| over tokens, nats. */
  samplerGapMean: number;
  samplerGapMax: number;
  /** Mean over tokens of the k3 estimate of KL(sampler ‖ trainer), nats. */
  samplerGapKl: number;
  /** Share of tokens with pi_train / pi_sampler outside [1/2, 2]. */
  samplerGapOutside: number;
}

/** One completion under both, arrays over its tokens. */
export interface TwiceScored {
  sampler: Float32Array;
  trainer: Float32Array;
}

/** Over all tokens of the completions; null where there is none. */
export function samplerGap(completions: Iterable<TwiceScored>): SamplerGap | null {
  let tokens = 0;
  let sum = 0;
  let most = 0;
  let kl = 0;
  let outside = 0;
  for (const { sampler, trainer } of completions) {
    if (sampler.length !== trainer.length) {
      throw new Error(
        `There are ${sampler.length} log-probabilities of the sampler but ${trainer.length} of training.`,
      );
    }
    for (const [token, drawn] of sampler.entries()) {
      const learnt = trainer[token] as number;
      const gap = Math.abs(learnt - drawn);
      tokens++;
      sum += gap;
      most = Math.max(most, gap);
      kl += klOfToken("k3", drawn, learnt);
      if (gap > Math.log(FACTOR)) outside++;
    }
  }
  if (tokens === 0) return null;
  return {
    samplerGapMean: sum / tokens,
    samplerGapMax: most,
    samplerGapKl: kl / tokens,
    samplerGapOutside: outside / tokens,
  };
}
