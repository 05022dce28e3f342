/**
 * A run that goes on from a checkpoint writes the steps after it again. On an engine that computes the same bits every
 * time the new rows are the old ones; where they are not, something outside the seed got in.
 */
import type { StoredRollout } from "./rows.ts";

/** The first difference between a replayed step and what was stored of it. */
export interface ReplayDifference {
  step: number;
  /** Null where the difference is in the step's metrics or in an event, not in a rollout. */
  sample: string | null;
  group: number | null;
  rollout: number | null;
  /** `tokens`, `reward`, `metrics.loss` …; `presence` where only one of the two has the row. */
  field: string;
  /** Rows and metrics of the step that differ, this one included. */
  count: number;
}

type Found = Omit<ReplayDifference, "step" | "count">;

/** In the order in which a difference spreads: the first field that differs is nearest to its cause. */
const comparedFields = [
  "sample",
  "prompt",
  "tokens",
  "completion",
  "logprobs",
  "entropy",
  "reward",
  "advantage",
] as const;

/** SQLite keeps neither NaN (it is NULL) nor the sign of a zero, so neither is told apart. */
function equal(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  const numeric = (value: unknown): unknown => (Number.isNaN(value) ? null : value);
  return numeric(a) === numeric(b);
}

const keyOf = (row: StoredRollout): string => `${row.group_index}/${row.rollout}`;

function differingRows(before: readonly StoredRollout[], now: readonly StoredRollout[]): Found[] {
  const earlier = new Map(before.map((row) => [keyOf(row), row]));
  const found: Found[] = [];
  const add = ({ sample, group_index: group, rollout }: StoredRollout, field: string): void => {
    found.push({ sample, group, rollout, field });
  };
  for (const row of now) {
    const twin = earlier.get(keyOf(row));
    earlier.delete(keyOf(row));
    const field = twin ? comparedFields.find((name) => !equal(twin[name], row[name])) : "presence";
    if (field) add(row, field);
  }
  for (const row of earlier.values()) add(row, "presence");
  return found;
}

type Series = ReadonlyMap<string, number | null>;

function differingMetrics(before: Series, now: Series): Found[] {
  const names = [...new Set([...before.keys(), ...now.keys()])];
  return names
    .filter((name) => before.has(name) !== now.has(name) || !equal(before.get(name), now.get(name)))
    .map((name) => ({ sample: null, group: null, rollout: null, field: `metrics.${name}` }));
}

/** Compares what was stored of a step with its replay; undefined where they are the same. */
export function compareReplay(
  step: number,
  before: { rollouts: readonly StoredRollout[]; metrics: Series },
  now: { rollouts: readonly StoredRollout[]; metrics: Series },
): ReplayDifference | undefined {
  const found = [...differingRows(before.rollouts, now.rollouts), ...differingMetrics(before.metrics, now.metrics)];
  return found[0] && { step, ...found[0], count: found.length };
}
