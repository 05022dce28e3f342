/** Charts as they are laid out: one for all runs, or one for each of them where what it shows cannot lie over one another. */
import { visibleText } from "../../text/visible.ts";
import type { Chart } from "./chart.ts";
import type { ShownRun } from "./plotted.ts";

export interface Card {
  id: string;
  title: string;
  chart: Chart;
  /** Those that are drawn in it. */
  runs: readonly ShownRun[];
}

export function cardsOf(charts: readonly Chart[], runs: readonly ShownRun[]): Card[] {
  return charts.flatMap((chart) => {
    const title = visibleText(chart.title);
    if (!chart.stacked || runs.length < 2) return [{ id: chart.id, title, chart, runs }];
    return runs
      .filter(({ curve }) => chart.lines.some((line) => line.values(curve).some((value) => value !== null)))
      .map((run) => ({
        id: `${chart.id}\n${run.folder}`,
        title: `${title}: ${visibleText(run.title)}`,
        chart,
        runs: [run],
      }));
  });
}
