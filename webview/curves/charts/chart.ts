/** What a chart is made of. */
import type { RunCurve, Values } from "../client/curveData.ts";

/** How numbers of a chart are written. `share` is a proportion, `rate` something per second. */
export type NumberKind = "share" | "number" | "count" | "rate" | "small";

export interface Line {
  /** Name of its column in an export. */
  name: string;
  label: string;
  values(curve: RunCurve): Values;
  /** Measured at a few steps only: drawn with a point at each, and never smoothed. */
  sparse?: true;
  /** Without noise, so that smoothing would only make it wrong. */
  exact?: true;
  /** Bounds of the values' 95 % interval. */
  interval?(curve: RunCurve): { low: Values; high: Values };
}

export interface ChartSpec {
  id: string;
  title: string;
  /** One sentence: what it is and how it is read. */
  about: string;
  kind: NumberKind;
  /** Shares of a whole: areas on top of one another, in a chart of its own for each run. */
  stacked?: true;
  lines(curves: readonly RunCurve[]): Line[];
}

/** A chart with the lines that any of the runs has values for. */
export interface Chart extends Omit<ChartSpec, "lines"> {
  lines: Line[];
}
