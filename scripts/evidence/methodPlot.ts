/** The sweep's picture: held-out accuracy by step, and hard rows before and after, each with the spread over the seeds. */
import type { TopLevelSpec } from "vega-lite";
import type { VariantOutcome } from "../../server/training/sweep/comparison.ts";
import { svgOf } from "./svg.ts";

export function methodPlot(variants: readonly VariantOutcome[], evaluatedRows: number): Promise<string> {
  return svgOf(specification(variants, evaluatedRows));
}

function specification(variants: readonly VariantOutcome[], evaluatedRows: number): TopLevelSpec {
  const names = variants.map(({ name }) => name);
  const colour = { field: "variant", type: "nominal" as const, scale: { domain: names, scheme: "tableau10" as const } };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    config: { font: "sans-serif", view: { stroke: null }, legend: { symbolOpacity: 1 } },
    hconcat: [
      {
        title: `Held-out accuracy while training (${evaluatedRows} rows, greedy)`,
        width: 420,
        height: 300,
        data: { values: accuracies(variants) },
        encoding: { x: { field: "step", type: "quantitative", title: "step" }, color: { ...colour, title: "method" } },
        layer: [
          {
            mark: { type: "errorband", extent: "stdev", opacity: 0.15 },
            encoding: { y: { field: "accuracy", type: "quantitative", title: "accuracy, %" } },
          },
          {
            mark: { type: "line", point: true },
            encoding: { y: { aggregate: "mean", field: "accuracy", type: "quantitative" } },
          },
        ],
      },
      {
        title: "Hard rows before and after (a point for each seed)",
        width: 260,
        height: 300,
        data: { values: hardRows(variants) },
        encoding: {
          y: { field: "variant", type: "nominal", sort: names, title: null },
          yOffset: { field: "when", type: "nominal", sort: ["before", "after"] },
          x: { field: "hard", type: "quantitative", title: "hard rows", scale: { zero: true } },
        },
        layer: [
          {
            mark: { type: "point", opacity: 0.8 },
            encoding: {
              color: { ...colour, title: "method" },
              shape: { field: "when", type: "nominal", sort: ["before", "after"], title: "training" },
            },
          },
          {
            mark: { type: "tick", thickness: 2, color: "black" },
            encoding: { x: { aggregate: "mean", field: "hard", type: "quantitative" } },
          },
        ],
      },
    ],
    resolve: { scale: { color: "shared" } },
  };
}

const accuracies = (variants: readonly VariantOutcome[]) =>
  variants.flatMap(({ name, runs }) =>
    runs.flatMap(({ seed, curve }) =>
      curve.flatMap(({ step, accuracy }) =>
        accuracy === undefined ? [] : [{ variant: name, seed, step, accuracy: 100 * accuracy }],
      ),
    ),
  );

const hardRows = (variants: readonly VariantOutcome[]) =>
  variants.flatMap(({ name, runs }) =>
    runs.flatMap(({ hardBefore, hardAfter }) => [
      ...(hardBefore === null ? [] : [{ variant: name, when: "before", hard: hardBefore }]),
      ...(hardAfter === null ? [] : [{ variant: name, when: "after", hard: hardAfter }]),
    ]),
  );
