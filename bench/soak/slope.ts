/** Whether a quantity grows: the slope of its samples by least squares, with an interval that knows that neighbours are alike. */

export interface Point {
  /** Points of one group share a level of their own; only what happens within groups counts. */
  group: string;
  x: number;
  y: number;
}

export interface Slope {
  /** y for each x. */
  slope: number;
  /** Half of the 95 % interval; infinite where there are too few points for one. */
  margin: number;
  points: number;
}

/** Two-sided 95 % quantiles of Student's t, by degrees of freedom; between them, the one before, which is wider. */
const T95: readonly (readonly [number, number])[] = [
  [1, 12.71],
  [2, 4.3],
  [3, 3.18],
  [4, 2.78],
  [5, 2.57],
  [7, 2.36],
  [10, 2.23],
  [15, 2.13],
  [20, 2.09],
  [30, 2.04],
  [60, 2],
  [120, 1.98],
];

const t95 = (freedom: number): number => T95.findLast(([least]) => freedom >= least)?.[1] ?? Number.POSITIVE_INFINITY;

/**
 * y = a_group + b·x by least squares. Samples of memory are like their neighbours, so the number of points that counts is
 * n(1 − r)/(1 + r) with r the residuals' correlation at distance 1 (Santer et al., J. Geophys. Res. 105, 2000, equation 6).
 *
 * @param points in the order of x within each group, at equal distances
 */
export function slopeOf(points: readonly Point[]): Slope {
  const groups = Map.groupBy(points, ({ group }) => group);
  const centred = [...groups.values()].flatMap((own) => {
    const [x, y] = [mean(own.map((point) => point.x)), mean(own.map((point) => point.y))];
    return own.map((point) => ({ group: point.group, x: point.x - x, y: point.y - y }));
  });
  const xx = sum(centred.map(({ x }) => x * x));
  if (xx === 0) return { slope: 0, margin: Number.POSITIVE_INFINITY, points: points.length };
  const slope = sum(centred.map(({ x, y }) => x * y)) / xx;
  const residuals = centred.map(({ group, x, y }) => ({ group, value: y - slope * x }));
  const squares = sum(residuals.map(({ value }) => value * value));
  const pairs = residuals.slice(1).map((next, index) => {
    const before = residuals[index];
    return before?.group === next.group ? before.value * next.value : 0;
  });
  const r = squares === 0 ? 0 : Math.min(0.99, Math.max(0, sum(pairs) / squares));
  const counting = (points.length * (1 - r)) / (1 + r);
  const freedom = counting - groups.size - 1;
  if (freedom < 1) return { slope, margin: Number.POSITIVE_INFINITY, points: points.length };
  return { slope, margin: t95(freedom) * Math.sqrt(squares / freedom / xx), points: points.length };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / Math.max(1, values.length);
