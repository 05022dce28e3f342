/** Moments of a few numbers, and proportions with what they are known to. */
import type { Accuracy } from "../../schemas/accuracy.ts";

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** H = −Σ p log₂ p of the shares that counts have of their sum; 0 where there are none. */
export function entropyBits(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = counts.filter((count) => count > 0).map((count) => count / total);
  return shares.reduce((sum, share) => sum - share * Math.log2(share), 0);
}

/** Standard deviation, ddof 1; 0 for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** The 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/**
 * A proportion with its Wilson score interval at 95 % (Wilson 1927; Brown, Cai and DasGupta 2001, eq. 4).
 * Zero rows give 0 with the interval from 0 to 1.
 *
 * @param n independent observations: all rows, or fewer where some are of one kind. Taking groups of alike rows for one observation each
 * makes the interval too wide rather than too narrow
 */
export function accuracyOf(correct: number, rows: number, n = rows): Accuracy {
  if (rows === 0) return { rows, correct, value: 0, low: 0, high: 1 };
  const p = correct / rows;
  const scale = 1 + Z ** 2 / n;
  const centre = (p + Z ** 2 / (2 * n)) / scale;
  const half = (Z / scale) * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2));
  // At the ends the interval touches 0 and 1 exactly; rounding would leave it a hair beside them.
  const low = correct === 0 ? 0 : Math.max(0, centre - half);
  const high = correct === rows ? 1 : Math.min(1, centre + half);
  return { rows, correct, value: p, low, high };
}
