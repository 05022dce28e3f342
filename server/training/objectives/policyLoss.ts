/**
 * The loss of one completion token under a clipped surrogate: the policy's part of Proximal Policy Optimization and all of
 * Group Relative Policy Optimization, which differ in where the advantage A comes from.
 *
 *     rho = exp(logp_theta − logp_old)
 *     −J  = −min(rho·A, clip(rho, 1 − eps_low, 1 + eps_high)·A) + beta·KL(pi_theta ‖ pi_ref) − c_H·H
 *
 * With importanceCap the min(…) is weighted by truncated importance sampling (importance.ts); logp_old is then the trainer's.
 * (Schulman et al. 2017, "Proximal Policy Optimization Algorithms", eq. 7, with the entropy bonus of eq. 9; Shao et al.,
 * "DeepSeekMath", eq. 3; decoupled clip: Yu et al., "DAPO", eq. 8; ToolExpander §3 and §4.1.)
 * The mini-batch's loss is Σ weight·loss over its tokens; the weights come from aggregation.ts.
 */
import type { Algebra } from "./algebra.ts";
import { truncatedImportance } from "./importance.ts";
import { klEstimate } from "./kl.ts";
import type { PolicyTerms } from "./objective.ts";
import { ratio } from "./ratio.ts";

export interface TokenTerms<T> {
  logprob: T;
  oldLogprob: T;
  /** Read where beta is above 0. */
  refLogprob?: T | undefined;
  /** Read with importanceCap. */
  samplerLogprob?: T | undefined;
  advantage: T;
  /** Read where the entropy coefficient is above 0. */
  entropy?: T | undefined;
}

export function policyTokenLoss<T>(m: Algebra<T>, token: TokenTerms<T>, terms: PolicyTerms): T {
  const rho = ratio(m, token.logprob, token.oldLogprob);
  const clipped = m.clip(rho, 1 - terms.clipLow, 1 + terms.clipHigh);
  let surrogate = m.min(m.mul(rho, token.advantage), m.mul(clipped, token.advantage));
  if (terms.importanceCap !== undefined) {
    const sampler = present(token.samplerLogprob, "the sampler's log-probabilities");
    surrogate = m.mul(truncatedImportance(m, token.oldLogprob, sampler, terms.importanceCap), surrogate);
  }
  let loss = m.sub(m.constant(0), surrogate);
  if (terms.beta > 0) {
    const kl = klEstimate(m, token.logprob, present(token.refLogprob, "reference log-probabilities"), terms.kl);
    loss = m.add(loss, m.mul(m.constant(terms.beta), kl));
  }
  if (terms.entropy > 0) {
    loss = m.sub(loss, m.mul(m.constant(terms.entropy), present(token.entropy, "entropies")));
  }
  return loss;
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The objective needs ${what}`);
  return value;
}
