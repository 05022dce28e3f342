/** Mean of paired differences with its 95 % interval. */

/** Two-sided 97.5 % points of Student's t by degrees of freedom, from 1. */
const STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** @param values 2 to 10 differences */
export function interval95(values: readonly number[]): { mean: number; low: number; high: number } {
  const n = values.length;
  const t = STUDENT[n - 2];
  if (t === undefined) throw new RangeError(`An interval needs 2 to ${STUDENT.length + 1} values, not ${n}`);
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = t * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half };
}
