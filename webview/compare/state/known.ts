/** Runs by the names that the panel gives them, with what the worker says of them. */
import type { Overview } from "../../../schemas/compareView.ts";
import type { NamedRun } from "./persisted.ts";

export type Known = NamedRun & { described: Overview["runs"][number] };

/** Runs of which nothing is known yet are left out. */
export const withNames = (runs: readonly NamedRun[], { runs: described }: Overview): Known[] =>
  runs.flatMap((run) => {
    const found = described.find(({ folder }) => folder === run.folder);
    return found ? [{ ...run, described: found }] : [];
  });
