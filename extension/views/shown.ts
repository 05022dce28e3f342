/** What a panel shows: a run, and in a list of its rollouts what is asked for. */
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
