/** The sweep's picture: accuracy and entropy while learning, with the spread over the seeds, and what was chosen before and after. */
import type { TopLevelSpec } from "vega-lite";
import type { VariantOutcome } from "../../server/training/sweep/comparison.ts";
import { svgOf } from "./svg.ts";

const REASONING = "(plain reasoning)";

export const sparkPlot = (variants: readonly VariantOutcome[]): Promise<string> => svgOf(specification(variants));

function specification(variants: readonly VariantOutcome[]): TopLevelSpec {
  const names = variants.map(({ name }) => name);
  const colour = {
    field: "variant",
    type: "nominal" as const,
    scale: { domain: names, scheme: "tableau10" as const },
    title: "policy",
  };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    config: {
      font: "sans-serif",
      view: { stroke: null },
      legend: { symbolOpacity: 1, labelLimit: 0 },
      axis: { labelLimit: 0 },
    },
    vconcat: [
      {
        hconcat: [
          { field: "accuracy", title: "Held-out episodes that are right, %" },
          { field: "entropy", title: "Entropy of the choice of tools, bits" },
        ].map(({ field, title }) => ({
          title,
          width: 280,
          height: 260,
          data: { values: points(variants) },
          encoding: { x: { field: "step", type: "quantitative" as const, title: "step" }, color: colour },
          layer: [
            {
              mark: { type: "errorband" as const, extent: "stdev" as const, opacity: 0.15 },
              encoding: { y: { field, type: "quantitative" as const, title: null, scale: { zero: false } } },
            },
            {
              mark: { type: "line" as const, point: true },
              encoding: { y: { aggregate: "mean" as const, field, type: "quantitative" as const } },
            },
          ],
        })),
        resolve: { scale: { color: "shared" } },
      },
      {
        title: "Share of the choices, mean over the seeds",
        width: 600,
        height: 180,
        data: { values: shares(variants) },
        mark: "bar",
        encoding: {
          y: { field: "policy", type: "nominal", sort: ["base", ...names], title: null },
          x: { aggregate: "sum", field: "share", type: "quantitative", title: "%", scale: { domain: [0, 100] } },
          color: { field: "tool", type: "nominal", scale: { scheme: "tableau20" }, title: "tool" },
        },
      },
    ],
    resolve: { scale: { color: "independent" } },
  };
}

const points = (variants: readonly VariantOutcome[]) =>
  variants.flatMap(({ name, runs }) =>
    runs.flatMap(({ seed, curve }) =>
      curve.flatMap(({ step, accuracy, entropy }) =>
        accuracy === undefined ? [] : [{ variant: name, seed, step, accuracy: 100 * accuracy, entropy }],
      ),
    ),
  );

const shares = (variants: readonly VariantOutcome[]) =>
  [
    { policy: "base", runs: (variants[0]?.runs ?? []).map(({ choicesBefore }) => choicesBefore ?? []) },
    ...variants.map(({ name, runs }) => ({ policy: name, runs: runs.map(({ choicesAfter }) => choicesAfter ?? []) })),
  ].flatMap(({ policy, runs }) =>
    runs.flatMap((choices) =>
      choices.map(({ tool, share }) => ({ policy, tool: tool ?? REASONING, share: (100 * share) / runs.length })),
    ),
  );
