/** Exponential moving average of a curve. */
import type { Values } from "../client/curveData.ts";

/**
 * y_t = Σ_i β^i x_(t−i) / Σ_i β^i over the values there are: the bias of a start from zero is divided out (Adam,
 * arXiv 1412.6980, §3). Where there is no value, none is made up.
 *
 * @param beta weight of what came before, 0 (the curve itself) to below 1
 */
export function smoothed(values: Values, beta: number): (number | null)[] {
  let sum = 0;
  let weight = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = beta * sum + value;
    weight = beta * weight + 1;
    return sum / weight;
  });
}
