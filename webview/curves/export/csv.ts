/** Curves as comma-separated values (RFC 4180): a row for each step of each run, unsmoothed. */
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
  return [head, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function field(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
