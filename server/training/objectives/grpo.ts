/**
 * The loss of one completion token under Group Relative Policy Optimization.
 *
 *     rho = exp(logp_theta − logp_old)
 *     −J  = −min(rho·A, clip(rho, 1 − eps_low, 1 + eps_high)·A) + beta·KL(pi_theta ‖ pi_ref) − c_H·H
 *
 * (Shao et al., "DeepSeekMath", eq. 3; decoupled clip: Yu et al., "DAPO", eq. 8; ToolExpander §3 and §4.1.)
 * The mini-batch's loss is Σ weight·loss over its tokens; the weights come from aggregation.ts.
 */
import type { Algebra } from "./algebra.ts";
import { klEstimate } from "./kl.ts";
import type { GrpoObjective } from "./objective.ts";

/** Differences of log-probabilities are limited to ±20 before an exponential, as veRL does: e⁸⁹ is no float32. */
const LIMIT = 20;

export interface TokenTerms<T> {
  logprob: T;
  oldLogprob: T;
  /** Read where beta is above 0. */
  refLogprob?: T | undefined;
  advantage: T;
  /** Read where the entropy coefficient is above 0. */
  entropy?: T | undefined;
}

export function grpoTokenLoss<T>(m: Algebra<T>, token: TokenTerms<T>, objective: GrpoObjective): T {
  const ratio = m.exp(m.clip(m.sub(token.logprob, token.oldLogprob), -LIMIT, LIMIT));
  const clipped = m.clip(ratio, 1 - objective.clipLow, 1 + objective.clipHigh);
  const surrogate = m.min(m.mul(ratio, token.advantage), m.mul(clipped, token.advantage));
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
