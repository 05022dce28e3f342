/** A chart's lines as uPlot draws them: one series for each run and line, and below a smoothed one the raw one, faint. */
import type { AlignedData } from "uplot";
import type { RunCurve, Values } from "../client/curveData.ts";
import type { Chart, Line } from "./chart.ts";
import { DASHES, markOf } from "./colours.ts";
import { smoothed } from "./smoothing.ts";

export interface ShownRun {
  folder: string;
  title: string;
  curve: RunCurve;
}

/** One line of one run. */
export interface Drawn {
  key: string;
  run: ShownRun;
  line: Line;
  /** Index of a colour of the series: of the run where there are several, else of the line. */
  colour: number;
  dash: readonly number[];
  /** Shape of the run, where its dashes are those of the line. */
  mark: string | undefined;
  values: Values;
  /** What is drawn for the values: they themselves, smoothed, or on top of those of the lines before. */
  heights: Values;
  isSmoothed: boolean;
  /** Bounds of the values' interval, where they have one. */
  interval: { low: Values; high: Values } | undefined;
}

export function drawnOf({ lines, stacked }: Chart, runs: readonly ShownRun[], smoothing: number): Drawn[] {
  return runs.flatMap((run, place) => {
    let below: Values = [];
    return lines.map((line, index): Drawn => {
      const values = line.values(run.curve);
      const isSmoothed = smoothing > 0 && !line.sparse && !line.exact && !stacked;
      if (stacked) below = onTopOf(below, values);
      return {
        key: `${run.folder}\n${line.name}`,
        run,
        line,
        colour: runs.length > 1 ? place : index,
        // Of a single line the runs have dashes of their own too.
        dash: dashOf(lines.length > 1 ? index : place),
        mark: runs.length > 1 && lines.length > 1 ? markOf(place) : undefined,
        values,
        heights: stacked ? below : isSmoothed ? smoothed(values, smoothing) : values,
        isSmoothed,
        interval: line.interval?.(run.curve),
      };
    });
  });
}

/** What a run does not have takes no room. */
function onTopOf(below: Values, values: Values): Values {
  return Array.from({ length: Math.max(below.length, values.length) }, (_, step) => {
    const [under, own] = [below[step] ?? null, values[step] ?? null];
    return under === null ? own : under + (own ?? 0);
  });
}

export const dashOf = (index: number): readonly number[] => DASHES[index % DASHES.length] ?? [];

/** Steps from 0 to the last one of all runs, then for each drawn line its raw values where it is smoothed, and what is drawn. */
export function dataOf(drawn: readonly Drawn[], lastStep: number): AlignedData {
  const steps = Array.from({ length: lastStep + 1 }, (_, step) => step);
  const aligned = (values: Values) => steps.map((step) => values[step] ?? null);
  return [
    steps,
    ...drawn.flatMap(({ values, heights, isSmoothed }) => [aligned(isSmoothed ? values : []), aligned(heights)]),
  ];
}

/** The step whose value counts at another: that one itself, of a sparse line the last one up to it that has a value. */
function stepAt({ values, line }: Drawn, step: number | null): number | undefined {
  if (step !== null && !line.sparse) return step;
  for (let place = Math.min(step ?? Number.POSITIVE_INFINITY, values.length - 1); place >= 0; place--) {
    if ((values[place] ?? null) !== null) return place;
  }
  return undefined;
}

export interface Told {
  value: number;
  /** Bounds of its interval. */
  interval: readonly [low: number, high: number] | undefined;
}

/** The value at a step, of a sparse line the last one up to it; without a step the last one there is. */
export function toldAt(drawn: Drawn, step: number | null): Told | undefined {
  const at = stepAt(drawn, step);
  const value = at === undefined ? null : (drawn.values[at] ?? null);
  if (at === undefined || value === null) return undefined;
  return { value, interval: boundsAt(drawn.interval, at) };
}

export function boundsAt(interval: Drawn["interval"], step: number): Told["interval"] {
  const [low, high] = [interval?.low[step] ?? null, interval?.high[step] ?? null];
  return low === null || high === null ? undefined : [low, high];
}
