/** docs/curves.md: every chart of the curves, from the list that draws them. */
import type { ChartSpec } from "../../webview/curves/charts/chart.ts";
import { CHARTS } from "../../webview/curves/charts/chartSpecs.ts";
import { episodeCharts } from "../../webview/curves/charts/episodeCharts.ts";
import { curveTexts } from "./curveTexts.ts";
import { table } from "./schemaTable.ts";

const ofEpisodes = episodeCharts(null);
const all = [...ofEpisodes, ...CHARTS];

/** Ids of texts that no chart has. */
export const lostTexts = (): string[] => Object.keys(curveTexts).filter((id) => all.every((chart) => chart.id !== id));

export function curvesPage(): string {
  return [
    "# Curves",
    "",
    "Made by `node scripts/docs/reference.ts` from the list of charts. **ToolExpander: Open Curves** shows those that a run has values for, by step,",
    "while it trains and afterwards.",
    "",
    "- A click on a step opens its rollouts; dragging zooms in, Escape zooms out. The arrow keys, Page Up and Down, Home and End move the cursor, and",
    "  Enter opens the rollouts there.",
    "- *Compare with…* lays other runs over it. *Smoothing* is an exponential moving average; the raw curve stays faint. Points that were",
    "  measured at a few steps only, as evaluations are, are never smoothed.",
    "- Buttons at the end make a table of it, a PNG, or a CSV, whose columns have the names in brackets. The view `metrics` in `run.sqlite` has most",
    "  of them too.",
    "- *Published values* draws what the papers report across the chart of hard rows, where model and count are the same.",
    "",
    "The last column is what usually holds, not a law.",
    "",
    "## Of every run",
    "",
    ...chartTable(CHARTS),
    "## Of runs of episodes besides",
    "",
    "In place of the held-out accuracy above. A field narrows them down to a category of the held-out questions. [episodes.md](episodes.md) says",
    "how they are played.",
    "",
    ...chartTable(ofEpisodes),
  ].join("\n");
}

const chartTable = (charts: readonly ChartSpec[]): string[] =>
  table(
    ["chart", "what it shows", "look for"],
    charts.map((chart) => [`**${chart.title}**${linesText(chart)}`, chart.about, curveTexts[chart.id] ?? ""]),
  );

/** The names of its lines; none where they depend on the run. */
function linesText(chart: ChartSpec): string {
  const lines = chart.stacked ? [] : chart.lines([]);
  return lines.length === 0 ? "" : `: ${lines.map(({ label, name }) => `${label} (\`${name}\`)`).join(", ")}`;
}
