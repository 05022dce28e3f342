/**
 * The loss of a value function at one token, whose target R is the λ-return (gae.ts), and how well it has learnt.
 *
 *     L^V = ½·max((V − R)², (V_old + clip(V − V_old, −eps_v, eps_v) − R)²)
 *
 * (Schulman et al. 2017, eq. 9, has (V − R)²; the clip is of its authors' code, "baselines", ppo2. It keeps a value from gaining
 * by a move of more than eps_v, as the surrogate's keeps a probability: the larger of the two errors counts.)
 * The mini-batch's loss is c_V·Σ weight·L^V over its tokens, beside the policy's (policyLoss.ts).
 */
import { type Algebra, larger } from "./algebra.ts";
import type { PpoObjective } from "./objective.ts";

export interface ValueTerms<T> {
  value: T;
  /** V before the first update on it; read where values are clipped. */
  oldValue: T;
  /** R. */
  target: T;
}

export function valueTokenLoss<T>(
  m: Algebra<T>,
  { value, oldValue, target }: ValueTerms<T>,
  { valueClip }: Pick<PpoObjective, "valueClip">,
): T {
  const squaredError = (v: T): T => {
    const error = m.sub(v, target);
    return m.mul(error, error);
  };
  const half = m.constant(0.5);
  if (valueClip === undefined) return m.mul(half, squaredError(value));
  const moved = m.clip(m.sub(value, oldValue), -valueClip, valueClip);
  return m.mul(half, larger(m, squaredError(value), squaredError(m.add(oldValue, moved))));
}
