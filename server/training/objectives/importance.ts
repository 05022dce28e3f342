/**
 * Truncated importance sampling between two computations of one policy. Completions are drawn by the sampler and learnt
 * from by the trainer; where their numerics differ (quantized weights, other kernels), samples are off-policy before the
 * first update. Each token's surrogate is weighted by
 *
 *     min(pi_train(token | θ_old) / pi_sampler(token | θ_old), C)
 *
 * in which nothing depends on θ: the weight is frozen. (Yao et al. 2025, "Your Efficient RL Framework Secretly Brings You
 * Off-Policy RL Training"; the truncation is that of Ionides 2008, "Truncated Importance Sampling".) The ratio of the clip is
 * then pi_train(θ) / pi_train(θ_old), so that it measures the policy's movement alone.
 */
import type { Algebra } from "./algebra.ts";
import { ratio } from "./ratio.ts";

/**
 * The weight of a token, in (0, cap].
 * @param oldLogprob by the trainer, before the first update on the batch
 * @param samplerLogprob by the sampler, when the token was drawn
 * @param cap C, ≥ 1
 */
export function truncatedImportance<T>(m: Algebra<T>, oldLogprob: T, samplerLogprob: T, cap: number): T {
  return m.min(ratio(m, oldLogprob, samplerLogprob), m.constant(cap));
}
