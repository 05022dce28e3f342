/** How many of all cases each target gets. */
import type { Target } from "./target.ts";

/** By their weights; together at least as many as were asked for, and each gets one. */
export function shares(targets: readonly Target[], cases: number): { target: Target; cases: number }[] {
  const all = targets.reduce((sum, { weight }) => sum + weight, 0);
  return targets.map((target) => ({ target, cases: Math.max(1, Math.ceil((cases * target.weight) / all)) }));
}
