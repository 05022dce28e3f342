/** What a panel shows: a run, and in a list of its rollouts what is asked for. */
import { MOST_RUNS } from "../../schemas/compareLimits.ts";

export type { ListQuery } from "../../schemas/rolloutView.ts";

export interface RunToShow {
  folder: string;
  title: string;
}

/** The run in what a view kept of itself; undefined where it names none. */
export function runOf(state: unknown): RunToShow | undefined {
  const { runFolder, title } = (typeof state === "object" && state !== null ? state : {}) as {
    runFolder?: unknown;
    title?: unknown;
  };
  if (typeof runFolder !== "string" || runFolder === "") return undefined;
  return { folder: runFolder, title: typeof title === "string" && title !== "" ? title : runFolder };
}

/** The runs in what a comparison kept of itself; undefined where they are no two. */
export function runsOf(state: unknown): readonly RunToShow[] | undefined {
  const { runs } = (typeof state === "object" && state !== null ? state : {}) as { runs?: unknown };
  const known = Array.isArray(runs)
    ? runs.flatMap(({ folder, title }) => runOf({ runFolder: folder, title }) ?? [])
    : [];
  return known.length >= 2 && known.length <= MOST_RUNS ? known : undefined;
}
