import type { Values } from "../client/curveData.ts";

/** Values that only some steps have; of several at one step the last one counts. */
export function atSteps(points: readonly { step: number; value: number }[]): Values {
  const values = new Array<number | null>(Math.max(0, ...points.map(({ step }) => step)) + 1).fill(null);
  for (const { step, value } of points) values[step] = value;
  return values;
}
