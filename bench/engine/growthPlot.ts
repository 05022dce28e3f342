/** The curves of the growing work: what was measured, and what counted operations and bytes explain of it. */
import type { TopLevelSpec } from "vega-lite";
import { svgOf } from "../../scripts/evidence/svg.ts";
import type { GrowthPoint } from "./plan.ts";

export type Axis = keyof GrowthPoint;

/** One point of one curve. */
export interface Grown {
  work: "update" | "sampling";
  axis: Axis;
  /** Where on the axis. */
  at: number;
  milliseconds: number;
  predicted: number;
  operations: number;
  bytes: number;
}

const TITLES: Record<Axis, string> = {
  batch: "batch (completions)",
  context: "context (tokens)",
  hidden: "width (hidden size)",
};

const MEASURED = "measured";
const EXPLAINED = "explained by count";

export function growthPlot(curves: readonly Grown[]): Promise<string> {
  return svgOf(specification(curves));
}

function specification(curves: readonly Grown[]): TopLevelSpec {
  const axes = [...new Set(curves.map(({ axis }) => axis))];
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    config: { font: "sans-serif", view: { stroke: null }, legend: { symbolOpacity: 1 } },
    hconcat: axes.map((axis) => chart(axis, curves)),
    resolve: { scale: { color: "shared", strokeDash: "shared", y: "shared" } },
  };
}

/** Both scales are logarithmic: work that grows as a power of the axis is a straight line. */
function chart(axis: Axis, curves: readonly Grown[]) {
  const own = curves.filter((point) => point.axis === axis);
  const values = own.flatMap(({ work, at, milliseconds, predicted }) => [
    { work, at, milliseconds, line: MEASURED },
    { work, at, milliseconds: predicted, line: EXPLAINED },
  ]);
  const scale = { type: "log" as const, nice: false };
  return {
    title: TITLES[axis],
    width: 260,
    height: 260,
    data: { values },
    encoding: {
      x: {
        field: "at",
        type: "quantitative" as const,
        title: null,
        scale,
        axis: { values: [...new Set(own.map(({ at }) => at))] },
      },
      y: { field: "milliseconds", type: "quantitative" as const, title: "milliseconds", scale },
      color: { field: "work", type: "nominal" as const, title: "call", scale: { scheme: "tableau10" as const } },
    },
    layer: [
      {
        mark: { type: "line" as const },
        encoding: {
          strokeDash: {
            field: "line",
            type: "nominal" as const,
            title: "time",
            scale: {
              domain: [MEASURED, EXPLAINED],
              range: [
                [1, 0],
                [5, 4],
              ],
            },
          },
        },
      },
      { mark: { type: "point" as const, filled: true, opacity: 1 } },
    ],
  };
}
