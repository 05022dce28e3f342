/** What is drawn below lines: shares of a whole as areas with their names in them, and intervals as bands with whiskers. */
import type uPlot from "uplot";
import { oneLine } from "../../text/visible.ts";
import type { Colours } from "./colours.ts";
import type { Drawn } from "./plotted.ts";

/** Of areas; the colours begin anew with a fainter round. */
const FILLS = [0.42, 0.2] as const;
/** Of the bands of intervals. */
const FAINT = 0.12;
/** CSS pixels: height from which an area has room for its name, and width of a measurement that stands alone. */
const NAMED_FROM = 13;
const ALONE = 16;
/** Half of a whisker's ends, CSS pixels. */
const WHISKER = 3;
const LONGEST_NAME = 28;

interface Point {
  x: number;
  y: number;
  /** Of the area's other side. */
  base: number;
}

export const fillOf = (colour: number, colours: Colours): number =>
  FILLS[Math.floor(colour / Math.max(1, colours.series.length)) % FILLS.length] ?? FILLS[0];

const strokeOf = (colour: number, { series, text }: Colours): string => series[colour % series.length] ?? text;

/** @param drawn of one run, each on top of the one before */
export function drawStack(plot: uPlot, drawn: readonly Drawn[], colours: Colours): void {
  const { ctx } = plot;
  inside(plot, () => {
    for (const [index, { colour }] of drawn.entries()) {
      const points = pointsOf(plot, drawn[index]?.heights ?? [], drawn[index - 1]?.heights);
      ctx.globalAlpha = fillOf(colour, colours);
      ctx.fillStyle = strokeOf(colour, colours);
      ctx.fill(areaOf(points));
    }
  });
}

/** Names of the areas that have room for one, at their last measurement. */
export function drawStackNames(plot: uPlot, drawn: readonly Drawn[], colours: Colours): void {
  const { ctx, bbox } = plot;
  inside(plot, () => {
    ctx.fillStyle = colours.text;
    // Edges of narrow areas run through their names.
    ctx.strokeStyle = colours.background;
    ctx.lineWidth = 3 * devicePixelRatio;
    ctx.lineJoin = "round";
    ctx.font = `${Math.round(10 * devicePixelRatio)}px system-ui, sans-serif`;
    ctx.textBaseline = "middle";
    for (const [index, { line, heights }] of drawn.entries()) {
      const last = pointsOf(plot, heights, drawn[index - 1]?.heights).at(-1);
      if (last === undefined || last.base - last.y < NAMED_FROM * devicePixelRatio) continue;
      const name = oneLine(line.label, LONGEST_NAME);
      const gap = 5 * devicePixelRatio;
      const isRoomBefore = last.x - bbox.left > ctx.measureText(name).width + 2 * gap;
      ctx.textAlign = isRoomBefore ? "right" : "left";
      const x = isRoomBefore ? last.x - gap : last.x + ALONE * devicePixelRatio + gap;
      const y = (last.y + last.base) / 2;
      ctx.strokeText(name, x, y);
      ctx.fillText(name, x, y);
    }
  });
}

/** Bands between measurements, and a whisker at each, since one that stands alone has no band. */
export function drawIntervals(plot: uPlot, drawn: readonly Drawn[], colours: Colours): void {
  const { ctx } = plot;
  inside(plot, () => {
    for (const { interval, colour } of drawn) {
      if (interval === undefined) continue;
      const points = pointsOf(plot, interval.high, interval.low);
      ctx.strokeStyle = ctx.fillStyle = strokeOf(colour, colours);
      ctx.globalAlpha = FAINT;
      if (points.length > 1) ctx.fill(areaOf(points));
      ctx.globalAlpha = 0.8;
      ctx.lineWidth = devicePixelRatio;
      for (const { x, y, base } of points) {
        const half = WHISKER * devicePixelRatio;
        ctx.beginPath();
        for (const [fromX, fromY, toX, toY] of [
          [x, y, x, base],
          [x - half, y, x + half, y],
          [x - half, base, x + half, base],
        ] as const) {
          ctx.moveTo(fromX, fromY);
          ctx.lineTo(toX, toY);
        }
        ctx.stroke();
      }
    }
  });
}

function inside({ ctx, bbox }: uPlot, draw: () => void): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw();
  ctx.restore();
}

/** Measured points in canvas pixels. @param below values of the other side; 0 where there are none */
function pointsOf(plot: uPlot, values: Drawn["heights"], below: Drawn["heights"] | undefined): Point[] {
  return values.flatMap((value, step) => {
    if (value === null) return [];
    const y = (of: number): number => plot.valToPos(of, "y", true);
    return [{ x: plot.valToPos(step, "x", true), y: y(value), base: y(below?.[step] ?? 0) }];
  });
}

function areaOf(points: readonly Point[]): Path2D {
  const path = new Path2D();
  const [first] = points;
  if (first === undefined) return path;
  if (points.length === 1) {
    path.rect(first.x, first.y, ALONE * devicePixelRatio, first.base - first.y);
    return path;
  }
  for (const { x, y } of points) path.lineTo(x, y);
  for (const { x, base } of points.toReversed()) path.lineTo(x, base);
  path.closePath();
  return path;
}
