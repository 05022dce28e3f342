/** Curves as comma-separated values: a row for each step of each run, unsmoothed. */
import { csvText } from "../../text/csv.ts";
import type { Chart } from "../charts/chartSpecs.ts";
import type { ShownRun } from "../charts/plotted.ts";

export function csvOf(runs: readonly ShownRun[], charts: readonly Chart[]): string {
  const lines = charts.flatMap((chart) => chart.lines);
  const rows = runs.flatMap(({ title, curve }) => {
    const columns = lines.map((line) => line.values(curve));
    const length = Math.max(0, ...columns.map((values) => values.length));
    return Array.from({ length }, (_, step) => [title, step, ...columns.map((values) => values[step] ?? null)]).filter(
      (row) => row.slice(2).some((value) => value !== null),
    );
  });
  const head = ["run", "step", ...lines.map(({ name }) => name)];
  return csvText([head, ...rows]);
}
