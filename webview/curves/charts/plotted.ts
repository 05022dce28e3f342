/** A chart's lines as uPlot draws them: one series for each run and line, and below a smoothed one the raw one, faint. */
import type { AlignedData } from "uplot";
import type { RunCurve, Values } from "../client/curveData.ts";
import type { Chart, Line } from "./chartSpecs.ts";
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
  /** The same values where nothing is smoothed. */
  smooth: Values;
}

export function drawnOf({ lines }: Chart, runs: readonly ShownRun[], smoothing: number): Drawn[] {
  return runs.flatMap((run, place) =>
    lines.map((line, index): Drawn => {
      const values = line.values(run.curve);
      const smooth = smoothing > 0 && !line.sparse && !line.exact ? smoothed(values, smoothing) : values;
      const colour = runs.length > 1 ? place : index;
      // Of a single line the runs have dashes of their own too.
      const dash = dashOf(lines.length > 1 ? index : place);
      const mark = runs.length > 1 && lines.length > 1 ? markOf(place) : undefined;
      return { key: `${run.folder}\n${line.name}`, run, line, colour, dash, mark, values, smooth };
    }),
  );
}

export const dashOf = (index: number): readonly number[] => DASHES[index % DASHES.length] ?? [];

/** Steps from 0 to the last one of all runs, then for each drawn line its raw values and its smoothed ones. */
export function dataOf(drawn: readonly Drawn[], lastStep: number): AlignedData {
  const steps = Array.from({ length: lastStep + 1 }, (_, step) => step);
  const aligned = (values: Values) => steps.map((step) => values[step] ?? null);
  return [steps, ...drawn.flatMap(({ values, smooth }) => [aligned(values === smooth ? [] : values), aligned(smooth)])];
}

/** The value at a step, of a sparse line the last one up to it; without a step the last one there is. */
export function valueAt({ values, line }: Drawn, step: number | null): number | null {
  if (step !== null && !line.sparse) return values[step] ?? null;
  for (let place = Math.min(step ?? Number.POSITIVE_INFINITY, values.length - 1); place >= 0; place--) {
    const value = values[place] ?? null;
    if (value !== null) return value;
  }
  return null;
}
