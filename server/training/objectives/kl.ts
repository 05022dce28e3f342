/**
 * Estimates of KL(pi ‖ pi_ref) from samples of pi (Schulman, "Approximating KL divergence"): unbiased k1, low-variance
 * k2, and k3, which is both unbiased and never negative.
 */
import { type Algebra, numbers } from "./algebra.ts";
import type { KlEstimator } from "./objective.ts";
import { LIMIT } from "./ratio.ts";

/**
 * KL(pi ‖ pi_ref) from one sample, with d = logp_ref − logp limited to ±20:
 * k1 = −d, k2 = d²/2, k3 = exp(d) − d − 1, which is never negative (Schulman, "Approximating KL divergence").
 */
export function klEstimate<T>(m: Algebra<T>, logprob: T, refLogprob: T, estimator: KlEstimator): T {
  const d = m.clip(m.sub(refLogprob, logprob), -LIMIT, LIMIT);
  switch (estimator) {
    case "k1":
      return m.sub(m.constant(0), d);
    case "k2":
      return m.mul(m.constant(0.5), m.mul(d, d));
    case "k3":
      return m.sub(m.sub(m.exp(d), d), m.constant(1));
  }
}

/** The estimate from one token drawn from pi, in nats. */
export function klOfToken(estimator: KlEstimator, logprob: number, refLogprob: number): number {
  return klEstimate(numbers, logprob, refLogprob, estimator);
}

/**
 * The estimate for a whole completion: the sum over its tokens, in nats. With klPlacement "reward" the completion's reward
 * is lowered by beta times this.
 */
export function completionKl(
  estimator: KlEstimator,
  logprobs: ArrayLike<number>,
  refLogprobs: ArrayLike<number>,
): number {
  if (logprobs.length !== refLogprobs.length) {
    throw new Error(
      `There are ${logprobs.length} log-probabilities but ${refLogprobs.length} of the reference policy.`,
    );
  }
  let sum = 0;
  for (let token = 0; token < logprobs.length; token++) {
    sum += klOfToken(estimator, logprobs[token] as number, refLogprobs[token] as number);
  }
  return sum;
}
