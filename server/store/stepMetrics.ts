/** A step's metrics as the loop has them, and as the store keeps them: by name, what the seed decides apart from what it does not. */
import { StepMetrics } from "../../schemas/protocol.ts";
import type { StepRow } from "../../schemas/run.ts";

type Flat = Record<string, number>;

const timingNames: ReadonlySet<string> = new Set<keyof StepMetrics>([
  "samplingTokensPerSecond",
  "updateTokensPerSecond",
  "milliseconds",
]);
const partPrefix = "rewardParts.";

/** What does not apply (null) is left out; each part of the reward becomes `rewardParts.<name>`. */
export function splitStepMetrics({ rewardParts, ...rest }: StepMetrics): { metrics: Flat; timings: Flat } {
  const metrics: Flat = {};
  const timings: Flat = {};
  for (const [name, value] of Object.entries(rest)) {
    if (value !== null) (timingNames.has(name) ? timings : metrics)[name] = value;
  }
  for (const [part, value] of Object.entries(rewardParts)) metrics[partPrefix + part] = value;
  return { metrics, timings };
}

/** The inverse: what is absent is null, and what was not a number is NaN again. */
export function joinStepMetrics(row: Pick<StepRow, "metrics" | "timings">): StepMetrics {
  const all = new Map(
    Object.entries({ ...row.metrics, ...row.timings }).map(([name, value]) => [name, value ?? Number.NaN]),
  );
  const parts = [...all].filter(([name]) => name.startsWith(partPrefix));
  const plain = Object.keys(StepMetrics.properties).map((name) => [name, all.get(name) ?? null]);
  return {
    ...Object.fromEntries(plain),
    rewardParts: Object.fromEntries(parts.map(([name, value]) => [name.slice(partPrefix.length), value])),
  } as StepMetrics;
}
