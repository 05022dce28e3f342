/** Shapes on the lines of a run, for charts where colour says which run and dashes say which line. */
import type uPlot from "uplot";
import type { Colours } from "./colours.ts";
import type { Drawn } from "./plotted.ts";

/** CSS pixels from one shape of a line to its next, and by which the lines' first ones stand apart. */
const DISTANCE = 96;
const OFFSET = 17;

/** A sparse line has its shape wherever it was measured. */
export function drawMarks(plot: uPlot, drawn: readonly Drawn[], colours: Colours): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const [index, { mark, colour, line, heights }] of drawn.entries()) {
    if (mark === undefined) continue;
    const stroke = colours.series[colour % colours.series.length] ?? colours.text;
    for (const step of line.sparse ? heights.keys() : spread(plot, index)) {
      const value = heights[step] ?? null;
      if (value === null) continue;
      drawMark(ctx, mark, plot.valToPos(step, "x", true), plot.valToPos(value, "y", true), stroke, devicePixelRatio);
    }
  }
  ctx.restore();
}

export function drawMark(
  context: CanvasRenderingContext2D,
  mark: string,
  x: number,
  y: number,
  colour: string,
  scale: number,
): void {
  const shape = new Path2D(mark);
  context.save();
  context.translate(x, y);
  context.scale(scale, scale);
  context.setLineDash([]);
  context.lineWidth = 1.5;
  context.fillStyle = context.strokeStyle = colour;
  context.fill(shape);
  context.stroke(shape);
  context.restore();
}

/** Steps that lie evenly over the width. */
function* spread(plot: uPlot, index: number): Generator<number> {
  const width = plot.bbox.width / devicePixelRatio;
  for (let left = OFFSET * (1 + (index % 5)); left < width; left += DISTANCE) yield plot.posToIdx(left);
}
