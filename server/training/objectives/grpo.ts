/**
 * The loss of one completion token under Group Relative Policy Optimization.
 *
 *     rho = exp(logp_theta − logp_old)
 *     −J  = −min(rho·A, clip(rho, 1 − eps_low, 1 + eps_high)·A) + beta·KL(pi_theta ‖ pi_ref) − c_H·H
 *
 * With importanceCap the min(…) is weighted by truncated importance sampling (importance.ts); logp_old is then the trainer's.
 * (Shao et al., "DeepSeekMath", eq. 3; decoupled clip: Yu et al., "DAPO", eq. 8; ToolExpander §3 and §4.1.)
 * The mini-batch's loss is Σ weight·loss over its tokens; the weights come from aggregation.ts.
 */
import type { Algebra } from "./algebra.ts";
import { truncatedImportance } from "./importance.ts";
import { klEstimate } from "./kl.ts";
import type { GrpoObjective } from "./objective.ts";
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

export function grpoTokenLoss<T>(m: Algebra<T>, token: TokenTerms<T>, objective: GrpoObjective): T {
  const rho = ratio(m, token.logprob, token.oldLogprob);
  const clipped = m.clip(rho, 1 - objective.clipLow, 1 + objective.clipHigh);
  let surrogate = m.min(m.mul(rho, token.advantage), m.mul(clipped, token.advantage));
  if (objective.importanceCap !== undefined) {
    const sampler = present(token.samplerLogprob, "the sampler's log-probabilities");
    surrogate = m.mul(truncatedImportance(m, token.oldLogprob, sampler, objective.importanceCap), surrogate);
  }
  let loss = m.sub(m.constant(0), surrogate);
  if (objective.beta > 0) {
    const kl = klEstimate(m, token.logprob, present(token.refLogprob, "reference log-probabilities"), objective.kl);
    loss = m.add(loss, m.mul(m.constant(objective.beta), kl));
  }
  if (objective.entropy > 0) {
    loss = m.sub(loss, m.mul(m.constant(objective.entropy), present(token.entropy, "entropies")));
  }
  return loss;
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The objective needs ${what}`);
  return value;
}
