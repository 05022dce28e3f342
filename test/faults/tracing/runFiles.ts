/** Files of a run, as those who look at its system calls know them. */
import { relative } from "node:path";

const KINDS: readonly (readonly [string, RegExp])[] = [
  ["a checkpoint", /^checkpoints(\/|$)/],
  ["the store", /^run\.sqlite/],
  ["server.json", /^server\.json/],
  ["run.json", /^run\.json/],
  ["the exported policy", /^model/],
];

/** What of a run a path belongs to; undefined for the log, and for what lies elsewhere. */
export function kindOf(run: string, path: string): string | undefined {
  const inside = relative(run, path);
  return KINDS.find(([, pattern]) => pattern.test(inside))?.[0];
}

/** A run's own files, and which of them promise: for PowerCuts. */
export function watchOf(run: string) {
  return {
    folder: run,
    /** The log is nobody's witness, the log's index is made anew, and who owns the run is over with its process. */
    passing: (path: string) => /^(server\.log$|server\.json|run\.sqlite-shm$)/.test(relative(run, path)),
    promises: (path: string) => /^run\.sqlite(-wal)?$/.test(relative(run, path)),
  };
}
