/** What a person should be told about the runs that this window has seen live. */
import { isLive, type RunStatus } from "./runStatus.ts";

export interface RunNotice {
  /** `gone`: its folder was moved or deleted while it lived. `hard`: it paused on a hard sample. */
  kind: "finished" | "failed" | "interrupted" | "unreachable" | "gone" | "hard";
  run: RunStatus;
}

export class LiveRuns {
  readonly #seen = new Map<string, RunStatus>();

  /** Takes all runs as they are now in, and returns what to tell. A run somebody stopped needs no notice: they know. */
  take(runs: readonly RunStatus[]): RunNotice[] {
    const now = new Map(runs.map((run) => [run.folder, run]));
    const notices: RunNotice[] = [];
    for (const [folder, earlier] of this.#seen) {
      const run = now.get(folder);
      // A connection that was lost is tried again before anything is said.
      if (run && (isLive(run) || run.phase === "connecting")) continue;
      this.#seen.delete(folder);
      if (run === undefined) notices.push({ kind: "gone", run: earlier });
      else if (isNews(run.phase)) notices.push({ kind: run.phase, run });
    }
    for (const run of runs) {
      if (!isLive(run)) continue;
      const earlier = this.#seen.get(run.folder);
      // One that was paused before this window came has been told of in another, or is seen in the tree.
      const isNew = earlier !== undefined && earlier.details?.pausedOn !== run.details?.pausedOn;
      if (isNew && run.details?.pausedOn !== undefined) notices.push({ kind: "hard", run });
      this.#seen.set(run.folder, run);
    }
    return notices;
  }
}

const isNews = (phase: RunStatus["phase"]): phase is Exclude<RunNotice["kind"], "gone" | "hard"> =>
  phase === "finished" || phase === "failed" || phase === "interrupted" || phase === "unreachable";
