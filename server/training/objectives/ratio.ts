/** Ratios of probabilities from their logarithms. */
import type { Algebra } from "./algebra.ts";

/** Differences of log-probabilities are limited to ±20 before an exponential, as veRL does: e⁸⁹ is no float32. */
export const LIMIT = 20;

/** p / q = exp(logp − logq), the difference limited to ±20. */
export function ratio<T>(m: Algebra<T>, logp: T, logq: T): T {
  return m.exp(m.clip(m.sub(logp, logq), -LIMIT, LIMIT));
}
