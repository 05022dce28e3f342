/** One uPlot of a chart. Pointer and size are the caller's; it only says what happened. */
import uPlot from "uplot";
import type { CurveReference } from "../../../schemas/curvesView.ts";
import { drawIntervals, drawStack, drawStackNames } from "./areas.ts";
import type { Chart } from "./chart.ts";
import type { Colours } from "./colours.ts";
import { tickText, valueText } from "./numberText.ts";
import type { Drawn } from "./plotted.ts";
import { drawMarks } from "./runMarks.ts";

export interface PlotEvents {
  /** The pointer stands at a step, or has left (null). */
  point(step: number | null): void;
  open(step: number): void;
  /** A range of steps was marked; null for all of them. */
  zoom(range: readonly [number, number] | null): void;
}

export interface PlotSetup extends PlotEvents {
  chart: Chart;
  drawn: readonly Drawn[];
  /** The same lines with the values they have by now. */
  shown(): readonly Drawn[];
  colours: Colours;
  /** Last steps of rounds: borders that are drawn over the whole height. */
  borders(): readonly number[];
  /** Published values: lines over the whole width, and their labels. */
  references: readonly CurveReference[];
  data: uPlot.AlignedData;
  width: number;
  height: number;
}

const FONT = "11px system-ui, sans-serif";
/** Space of the tick labels, CSS pixels. */
const AXIS = 52;
/** Of published values; no curve has these. */
export const REFERENCE_DASH: readonly number[] = [6, 3];
/** Marked ranges narrower than this many pixels were clicks. */
const LEAST_DRAG = 6;

export function makePlot(element: HTMLElement, setup: PlotSetup): uPlot {
  const { chart, drawn, shown, references, colours, data, width, height } = setup;
  const axis: uPlot.Axis = {
    stroke: colours.text,
    font: FONT,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
  };
  const plot = new uPlot(
    {
      width,
      height,
      legend: { show: false },
      padding: [10, 14, 0, 0],
      cursor: {
        y: false,
        points: { size: (_, index) => (index % 2 === 0 ? 6 : 0) },
        drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG },
      },
      scales: { x: { time: false }, y: { range: rangeOf(chart, references, shown) } },
      axes: [
        { ...axis, size: 26, grid: { show: false }, incrs: WHOLE },
        { ...axis, size: AXIS, values: (_, ticks) => ticks.map((tick) => tickText(tick, chart.kind)) },
      ],
      series: [{}, ...drawn.flatMap((one) => seriesOf(one, colours))],
      hooks: {
        setCursor: [(self) => self.cursor.event && setup.point(self.cursor.idx ?? null)],
        setSelect: [(self) => zoomed(self, setup)],
        drawClear: [
          (self) => drawBorders(self, setup.borders(), colours.grid),
          (self) => (chart.stacked ? drawStack : drawIntervals)(self, shown(), colours),
        ],
        draw: [
          (self) => drawMarks(self, shown(), colours),
          (self) => chart.stacked && drawStackNames(self, shown(), colours),
          (self) => drawReferences(self, references, chart, colours.text),
        ],
      },
    },
    data,
    element,
  );
  plot.over.addEventListener("click", () => {
    if (plot.cursor.idx) setup.open(plot.cursor.idx);
  });
  plot.over.addEventListener("dblclick", () => setup.zoom(null));
  return plot;
}

/** Steps are whole. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

/** The raw values below, faint where they are smoothed. */
function seriesOf({ line, colour, dash, heights, isSmoothed }: Drawn, colours: Colours): uPlot.Series[] {
  const stroke = colours.series[colour % colours.series.length] ?? colours.text;
  const common = { stroke, spanGaps: line.sparse === true };
  return [
    { ...common, width: 1, alpha: 0.3, show: isSmoothed, points: { show: false } },
    {
      ...common,
      width: 1.5,
      dash: [...dash],
      // A curve of one value has no line.
      points: {
        show: line.sparse === true || heights.filter((value) => value !== null).length < 2,
        size: 5,
        fill: stroke,
      },
    },
  ];
}

function rangeOf(
  { kind, stacked }: Chart,
  references: readonly CurveReference[],
  shown: () => readonly Drawn[],
): uPlot.Range.Function {
  const published = references.map(({ value }) => value);
  return (_, lowest, highest) => {
    if (stacked || lowest === null || highest === null) return [0, 1];
    const bounds = shown().flatMap(({ interval }) => interval?.high.filter((value) => value !== null) ?? []);
    const [low, high] = [Math.min(lowest, ...published), Math.max(highest, ...published, ...bounds)];
    if (kind === "share") return [0, Math.min(1, Math.max(0.005, 1.08 * high))];
    if (kind === "count" || kind === "rate") return [0, Math.max(1, 1.08 * high)];
    // A curve that stays where it is still has ticks that differ.
    const room = high > low ? (high - low) * 0.08 : Math.max(Math.abs(high) * 0.1, 1e-9);
    return [low - room, high + room];
  };
}

function zoomed(plot: uPlot, { zoom }: PlotEvents): void {
  const { left, width } = plot.select;
  if (width < LEAST_DRAG) return;
  const range = [left, left + width].map((at) => Math.round(plot.posToVal(at, "x")));
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  const [first = 0, last = 0] = range;
  if (last > first) zoom([first, last]);
}

function drawBorders({ ctx, bbox, valToPos }: uPlot, steps: readonly number[], colour: string): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.beginPath();
  for (const step of steps) {
    const x = Math.round(valToPos(step, "x", true)) + 0.5;
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
  }
  ctx.strokeStyle = colour;
  ctx.setLineDash([2, 4]);
  ctx.stroke();
  ctx.restore();
}

/** Each with its label above it. */
function drawReferences(
  { ctx, bbox, valToPos }: uPlot,
  references: readonly CurveReference[],
  chart: Chart,
  colour: string,
): void {
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.font = `${Math.round(10 * devicePixelRatio)}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  ctx.setLineDash(REFERENCE_DASH.map((length) => length * devicePixelRatio));
  for (const { label, value } of references) {
    const y = Math.round(valToPos(value, "y", true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(`${label}: ${valueText(value, chart.kind)}`, bbox.left + 4 * devicePixelRatio, y, bbox.width);
  }
  ctx.restore();
}
