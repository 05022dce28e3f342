/**
 * Estimates of KL(pi ‖ pi_ref) from samples of pi (Schulman, "Approximating KL divergence"): unbiased k1, low-variance
 * k2, and k3, which is both unbiased and never negative.
 */
import type { KlEstimator } from "./objective.ts";

/** Log-probabilities are clamped to this distance, so that exp stays finite (veRL). */
const MAX_LOG_RATIO = 20;

/**
 * The estimate from one token drawn from pi, in nats.
 * @param logprob under pi
 * @param refLogprob under the reference policy
 */
export function klEstimate(estimator: KlEstimator, logprob: number, refLogprob: number): number {
  const d = Math.min(MAX_LOG_RATIO, Math.max(-MAX_LOG_RATIO, refLogprob - logprob));
  switch (estimator) {
    case "k1":
      return -d;
    case "k2":
      return (d * d) / 2;
    case "k3":
      return Math.expm1(d) - d;
  }
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
    sum += klEstimate(estimator, logprobs[token] as number, refLogprobs[token] as number);
  }
  return sum;
}
