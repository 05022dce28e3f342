/** The charts as one picture, as they are drawn, with their titles and legends. */
import type uPlot from "uplot";
import type { Chart } from "../charts/chartSpecs.ts";
import type { Colours } from "../charts/colours.ts";
import { drawnOf, type ShownRun } from "../charts/plotted.ts";
import { drawMark } from "../charts/runMarks.ts";

/** CSS pixels. */
const GAP = 16;
const HEAD = 40;
const FONT = "system-ui, sans-serif";

export interface PictureSetup {
  title: string;
  charts: readonly Chart[];
  plots: ReadonlyMap<string, uPlot>;
  runs: readonly ShownRun[];
  colours: Colours;
}

/** @returns the bytes as base64; empty where nothing is drawn */
export function pngOf({ title, charts, plots, runs, colours }: PictureSetup): string {
  const shown = charts.flatMap((chart) => {
    const plot = plots.get(chart.id);
    return plot ? [{ chart, plot }] : [];
  });
  const [first] = shown;
  if (!first) return "";
  const columns = Math.min(2, shown.length);
  const { width, height } = first.plot;
  const canvas = document.createElement("canvas");
  canvas.width = (GAP + columns * (width + GAP)) * devicePixelRatio;
  canvas.height = (HEAD + Math.ceil(shown.length / columns) * (height + HEAD + GAP)) * devicePixelRatio;
  const context = canvas.getContext("2d");
  if (!context) return "";
  context.scale(devicePixelRatio, devicePixelRatio);
  context.fillStyle = colours.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colours.text;
  context.font = `600 14px ${FONT}`;
  context.fillText(title, GAP, 26);
  for (const [index, { chart, plot }] of shown.entries()) {
    const left = GAP + (index % columns) * (width + GAP);
    const top = HEAD + Math.floor(index / columns) * (height + HEAD + GAP);
    context.fillStyle = colours.text;
    context.font = `600 12px ${FONT}`;
    context.fillText(chart.title, left, top + 14);
    drawLegend(context, left, top + 30, chart, runs, colours);
    context.drawImage(plot.ctx.canvas, left, top + HEAD, plot.width, plot.height);
  }
  return canvas.toDataURL("image/png").split(",")[1] ?? "";
}

function drawLegend(
  context: CanvasRenderingContext2D,
  left: number,
  middle: number,
  chart: Chart,
  runs: readonly ShownRun[],
  colours: Colours,
): void {
  context.font = `11px ${FONT}`;
  let x = left;
  for (const { line, run, colour, dash, mark } of drawnOf(chart, runs, 0)) {
    const stroke = colours.series[colour % colours.series.length] ?? colours.text;
    context.beginPath();
    context.moveTo(x, middle - 4);
    context.lineTo(x + 18, middle - 4);
    context.setLineDash([...dash]);
    context.lineWidth = 2;
    context.strokeStyle = stroke;
    context.stroke();
    if (mark !== undefined) drawMark(context, mark, x + 9, middle - 4, stroke, 1);
    const label = runs.length > 1 ? `${line.label} · ${run.title}` : line.label;
    context.fillText(label, x + 22, middle);
    x += 34 + context.measureText(label).width;
  }
  context.setLineDash([]);
}
