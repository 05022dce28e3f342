/** Published numbers that mean the same as a curve of a run, to be drawn beside it. */
import type { CurveReference } from "../../../schemas/curvesView.ts";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import type { ProbeEvent } from "../../../schemas/protocol.ts";
import { PUBLISHED, PUBLISHED_PROBE } from "../../../schemas/published.ts";

/**
 * Hard rows of the same model under the run's own preset and under plain GRPO. They are a count: it means the same only
 * where as many rows were probed as in the paper, all of them, each with as many rollouts. The published accuracies are of
 * benchmarks that no held-out curve shows, so there are none for it.
 */
export function referencesFor(
  { preset, model }: Pick<ResolvedExperiment, "preset" | "model">,
  probes: readonly Pick<ProbeEvent, "mode" | "rows" | "rollouts">[],
): CurveReference[] {
  const comparable = probes.some(
    ({ mode, rows, rollouts }) =>
      mode === "full" && rows === PUBLISHED_PROBE.rows && rollouts === PUBLISHED_PROBE.rollouts,
  );
  if (!comparable) return [];
  const known = PUBLISHED.filter((one) => one.measure === "hard rows" && isModel(model, one.model));
  const after = [...new Set([preset, "grpo"])].flatMap((name) =>
    known
      .filter((one) => one.preset === name && one.after !== null)
      .map(({ after: value, source, ...one }) => ({ name, value: value ?? 0, source, model: one.model })),
  );
  const before = known.find((one) => one.preset === preset && one.before !== null);
  return [
    ...(before
      ? [{ name: "before training", value: before.before ?? 0, source: before.source, model: before.model }]
      : []),
    ...after.map((one) => ({ ...one, name: `after ${one.name}` })),
  ].map(({ name, value, source, model: published }) => ({
    chart: "hard",
    label: `${published} ${name}`,
    value,
    source,
  }));
}

/** Whether a path is of the model that a paper names: `Qwen2-1.5B` is not in `Qwen2.5-1.5B-Instruct`, nor in `Qwen2-1.5B0`. */
function isModel(path: string, name: string): boolean {
  const pattern = name.replaceAll(/[.\\+*?[\](){}^$|]/g, "\\$&");
  return new RegExp(`(^|[^a-z0-9.])${pattern}([^0-9a-z.]|$)`, "i").test(path);
}
