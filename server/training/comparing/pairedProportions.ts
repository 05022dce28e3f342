/** Two policies on the same rows: the difference of their accuracies, and whether chance alone would make it. */
import type { PairedDifference } from "../../../schemas/compareView.ts";
import { accuracyOf } from "../statistics.ts";

/** How many rows were solved by both, by one alone, and by none. */
export interface PairedCounts {
  both: number;
  onlyFirst: number;
  onlySecond: number;
  neither: number;
}

/**
 * The second proportion less the first, with its 95 % interval: Newcombe 1998 (Statistics in Medicine 17, 2635), method 10,
 * from the Wilson intervals of both proportions and their correlation; one of those that Fagerland, Lydersen and Laake 2014
 * (Statistics in Medicine 33, 2850) recommend. Undefined without rows.
 */
export function pairedDifference(counts: PairedCounts): PairedDifference | undefined {
  const { both, onlyFirst, onlySecond, neither } = counts;
  const rows = both + onlyFirst + onlySecond + neither;
  if (rows === 0) return undefined;
  const first = accuracyOf(both + onlyFirst, rows);
  const second = accuracyOf(both + onlySecond, rows);
  const difference = (onlySecond - onlyFirst) / rows;
  const phi = correlation(counts);
  // Distance of two points of the intervals, as those of correlated estimates add up.
  const distance = (a: number, b: number): number => Math.sqrt(Math.max(0, a ** 2 - 2 * phi * a * b + b ** 2));
  return {
    ...counts,
    rows,
    difference,
    low: Math.max(-1, difference - distance(second.value - second.low, first.high - first.value)),
    high: Math.min(1, difference + distance(second.high - second.value, first.value - first.low)),
    p: mcNemar(onlyFirst, onlySecond),
  };
}

/** Newcombe 1998, method 10: phi with a continuity correction where it is positive; 0 where a margin is empty. */
function correlation({ both, onlyFirst, onlySecond, neither }: PairedCounts): number {
  const margins = (both + onlyFirst) * (onlySecond + neither) * (both + onlySecond) * (onlyFirst + neither);
  if (margins === 0) return 0;
  const product = both * neither - onlyFirst * onlySecond;
  const rows = both + onlyFirst + onlySecond + neither;
  const corrected = product > rows / 2 ? product - rows / 2 : Math.min(product, 0);
  return corrected / Math.sqrt(margins);
}

/**
 * McNemar's exact test, two-sided: the probability of a split of the rows that one alone solved at least as uneven as
 * this one, were either as likely to be the one (binomial with 1/2). 1 where there is no such row.
 */
export function mcNemar(onlyFirst: number, onlySecond: number): number {
  const rows = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  // The terms are summed from their logarithms: 2^-rows itself underflows at 1,075 rows.
  let logTerm = -rows * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= fewer; k++) {
    logTerm += Math.log((rows - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
