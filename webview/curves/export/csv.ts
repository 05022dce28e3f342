/** Curves as comma-separated values: a row for each step of each run, unsmoothed. */
import { csvText } from "../../text/csv.ts";
import type { Chart } from "../charts/chart.ts";
import type { ShownRun } from "../charts/plotted.ts";

export function csvOf(runs: readonly ShownRun[], charts: readonly Chart[]): string {
  const lines = charts.flatMap((chart) => chart.lines);
  const rows = runs.flatMap(({ title, curve }) => {
    const columns = lines.flatMap((line) => {
      const bounds = line.interval?.(curve);
      return bounds ? [line.values(curve), bounds.low, bounds.high] : [line.values(curve)];
    });
    const length = Math.max(0, ...columns.map((values) => values.length));
    return Array.from({ length }, (_, step) => [title, step, ...columns.map((values) => values[step] ?? null)]).filter(
      (row) => row.slice(2).some((value) => value !== null),
    );
  });
  const names = lines.flatMap(({ name, interval }) => (interval ? [name, `${name}.low`, `${name}.high`] : [name]));
  return csvText([["run", "step", ...names], ...rows]);
}
