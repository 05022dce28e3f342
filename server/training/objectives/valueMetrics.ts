/** How well a value function foretells returns. */

/** Tokens at which a value was learnt. */
export interface LearntValues {
  /** V now, and V before the first update. */
  values: ArrayLike<number>;
  old: ArrayLike<number>;
  /** The λ-returns, and the weights of the loss: where one is 0, nothing was learnt. */
  targets: ArrayLike<number>;
  weights: ArrayLike<number>;
}

/**
 * The share of the returns' variance that values account for, 1 − Var(R − V) / Var(R): 1 where they foretell them, 0 where a constant
 * would do as well, below 0 where it would do better. Null where the returns do not vary.
 */
export function explainedVariance(values: ArrayLike<number>, returns: ArrayLike<number>): number | null {
  if (values.length !== returns.length) {
    throw new Error(`There are ${values.length} values but ${returns.length} returns.`);
  }
  const spread = variance(Array.from(returns));
  if (spread === 0) return null;
  return 1 - variance(Array.from(returns, (target, i) => target - (values[i] as number))) / spread;
}

/** With ddof 0; 0 of no numbers, and exactly 0 of equal ones, whose mean rounding may set beside them. */
function variance(numbers: readonly number[]): number {
  if (numbers.every((number) => number === numbers[0])) return 0;
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  return numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / numbers.length;
}

export interface ValueMetrics {
  explainedVariance: number | null;
  /** Share of the values that have moved further than the clip lets count; 0 without one. */
  valueClipped: number;
}

/** Over all tokens at which a value was learnt. */
export function valueMetrics(learnt: Iterable<LearntValues>, valueClip = Number.POSITIVE_INFINITY): ValueMetrics {
  const found: number[] = [];
  const returns: number[] = [];
  let clipped = 0;
  for (const { values, old, targets, weights } of learnt) {
    for (let token = 0; token < weights.length; token++) {
      if (weights[token] === 0) continue;
      const value = values[token] as number;
      found.push(value);
      returns.push(targets[token] as number);
      if (Math.abs(value - (old[token] as number)) > valueClip) clipped++;
    }
  }
  return {
    explainedVariance: explainedVariance(found, returns),
    valueClipped: found.length === 0 ? 0 : clipped / found.length,
  };
}
