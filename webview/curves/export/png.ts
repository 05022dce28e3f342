/** The charts as one picture, as they are drawn, with their titles and legends. */
import type uPlot from "uplot";
import { visibleText } from "../../text/visible.ts";
import type { Card } from "../charts/cards.ts";
import type { Colours } from "../charts/colours.ts";
import { type Drawn, drawnOf } from "../charts/plotted.ts";
import { drawMark } from "../charts/runMarks.ts";

/** CSS pixels. */
const GAP = 16;
const HEAD = 40;
/** From the top of a chart to the middle of its legend's first line, and from one of its lines to the next. */
const LEGEND = 26;
const LEGEND_LINE = 15;
const SAMPLE = 18;
const FONT = "system-ui, sans-serif";

export interface PictureSetup {
  title: string;
  cards: readonly Card[];
  /** By the card's id. */
  plots: ReadonlyMap<string, uPlot>;
  colours: Colours;
}

interface Placed {
  card: Card;
  plot: uPlot;
  legend: Entry[];
}

/** One line of a chart in its legend, from the chart's left edge and the legend's first line. */
interface Entry {
  drawn: Drawn;
  label: string;
  x: number;
  y: number;
}

/** @returns the bytes as base64; empty where nothing is drawn */
export function pngOf({ title, cards, plots, colours }: PictureSetup): string {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) return "";
  const shown = cards.flatMap((card): Placed[] => {
    const plot = plots.get(card.id);
    return plot ? [{ card, plot, legend: legendOf(context, card, plot.width) }] : [];
  });
  const [first] = shown;
  if (!first) return "";
  const { width, height } = first.plot;
  const columns = Math.min(2, shown.length);
  const rows = Array.from({ length: Math.ceil(shown.length / columns) }, (_, row) => {
    const placed = shown.slice(row * columns, (row + 1) * columns);
    const legend = Math.max(...placed.flatMap((one) => one.legend.map(({ y }) => y)));
    return { placed, head: LEGEND + legend + LEGEND_LINE };
  });
  canvas.width = (GAP + columns * (width + GAP)) * devicePixelRatio;
  canvas.height = (HEAD + rows.reduce((sum, { head }) => sum + head + height + GAP, 0)) * devicePixelRatio;
  context.scale(devicePixelRatio, devicePixelRatio);
  context.fillStyle = colours.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colours.text;
  context.font = `600 14px ${FONT}`;
  context.fillText(visibleText(title), GAP, 26);
  let top = HEAD;
  for (const { placed, head } of rows) {
    for (const [column, { card, plot, legend }] of placed.entries()) {
      const left = GAP + column * (width + GAP);
      context.fillStyle = colours.text;
      context.font = `600 12px ${FONT}`;
      context.fillText(card.title, left, top + 14);
      drawLegend(context, legend, left, top + LEGEND, colours);
      context.drawImage(plot.ctx.canvas, left, top + head, plot.width, plot.height);
    }
    top += head + height + GAP;
  }
  return canvas.toDataURL("image/png").split(",")[1] ?? "";
}

/** As many lines as it takes in the chart's width. */
function legendOf(context: CanvasRenderingContext2D, { chart, runs }: Card, width: number): Entry[] {
  context.font = `11px ${FONT}`;
  let [x, y] = [0, 0];
  return drawnOf(chart, runs, 0).map((drawn) => {
    const label = visibleText(runs.length > 1 ? `${drawn.line.label} · ${drawn.run.title}` : drawn.line.label);
    const needed = SAMPLE + 4 + context.measureText(label).width;
    if (x > 0 && x + needed > width) [x, y] = [0, y + LEGEND_LINE];
    const entry = { drawn, label, x, y };
    x += needed + 12;
    return entry;
  });
}

function drawLegend(
  context: CanvasRenderingContext2D,
  legend: readonly Entry[],
  left: number,
  top: number,
  colours: Colours,
): void {
  context.font = `11px ${FONT}`;
  for (const { drawn, label, x, y } of legend) {
    const stroke = colours.series[drawn.colour % colours.series.length] ?? colours.text;
    const [from, middle] = [left + x, top + y];
    context.beginPath();
    context.moveTo(from, middle);
    context.lineTo(from + SAMPLE, middle);
    context.setLineDash([...drawn.dash]);
    context.lineWidth = 2;
    context.strokeStyle = stroke;
    context.stroke();
    if (drawn.mark !== undefined) drawMark(context, drawn.mark, from + SAMPLE / 2, middle, stroke, 1);
    context.fillStyle = colours.text;
    context.fillText(label, from + SAMPLE + 4, middle + 4);
  }
  context.setLineDash([]);
}
