/** Mean of paired differences with its 95 % interval. */
import { mean, standardDeviation } from "../statistics.ts";

/** Two-sided 97.5 % points of Student's t by degrees of freedom, from 1. */
const STUDENT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

export interface Interval {
  mean: number;
  low: number;
  high: number;
}

/** @param values 2 to 31 differences */
export function interval95(values: readonly number[]): Interval {
  const t = STUDENT[values.length - 2];
  if (t === undefined)
    throw new RangeError(`An interval needs 2 to ${STUDENT.length + 1} values, not ${values.length}`);
  const half = (t * standardDeviation(values)) / Math.sqrt(values.length);
  const centre = mean(values);
  return { mean: centre, low: centre - half, high: centre + half };
}
