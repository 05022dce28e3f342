/** The loss of one completion token under supervised training: its cross-entropy, −logp. */
import type { Algebra } from "./algebra.ts";

export function supervisedTokenLoss<T>(m: Algebra<T>, logprob: T): T {
  return m.sub(m.constant(0), logprob);
}
