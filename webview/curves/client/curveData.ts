/** What the view knows of a run's numbers. Pure: a fold over the answers of the worker. */
import type { CurveCursor, CurvePart } from "../../../schemas/curvesView.ts";

/** Values by step: the index is the step, and the first one stands for the time before training. */
export type Values = readonly (number | null)[];

export interface RunCurve
  extends Pick<CurvePart, "state" | "plannedSteps" | "evaluations" | "episodes" | "probes" | "rounds" | "references"> {
  cursor: CurveCursor;
  /** Last step that is known here. */
  lastStep: number;
  series: ReadonlyMap<string, Values>;
}

export const START: CurveCursor = { revision: 0, step: 0 };

/** The curve with an answer taken in; the same object where the answer says nothing new. */
export function withPart(curve: RunCurve | undefined, part: CurvePart): RunCurve {
  const { cursor } = part;
  const events = eventsOf(part);
  const kept = Math.min(part.from, (curve?.lastStep ?? 0) + 1);
  if (curve && part.steps.length === 0 && kept > curve.lastStep) return withEvents(curve, cursor, events);
  const lastStep = part.steps.at(-1) ?? Math.max(0, kept - 1);
  const series = new Map<string, Values>();
  for (const name of new Set([...(curve?.series.keys() ?? []), ...Object.keys(part.series)])) {
    const values = new Array<number | null>(lastStep + 1).fill(null);
    for (const [step, value] of (curve?.series.get(name) ?? []).slice(0, kept).entries()) values[step] = value;
    for (const [index, step] of part.steps.entries()) values[step] = part.series[name]?.[index] ?? null;
    if (values.some((value) => value !== null)) series.set(name, values);
  }
  return { ...events, cursor, lastStep, series };
}

/** Most answers repeat what is known: nothing is then drawn anew. */
function withEvents(curve: RunCurve, cursor: CurveCursor, events: Events): RunCurve {
  const same = JSON.stringify([eventsOf(curve), curve.cursor]) === JSON.stringify([events, cursor]);
  return same ? curve : { ...curve, ...events, cursor };
}

type Events = Omit<RunCurve, "cursor" | "lastStep" | "series">;

const eventsOf = ({ state, plannedSteps, evaluations, episodes, probes, rounds, references }: Events): Events => ({
  state,
  plannedSteps,
  evaluations,
  episodes,
  probes,
  rounds,
  references,
});
