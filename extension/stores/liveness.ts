/** Whether a run that its record calls running has a server. */
import type { RecordedState } from "../../schemas/run.ts";
import { findServer } from "../../server/training/server/serverFile.ts";

/** Finding out whether a process lives starts another one on some systems. Milliseconds. */
const HOLDS_MS = 5000;

export class Liveness {
  readonly #folder: string;
  #known = { at: Number.NEGATIVE_INFINITY, found: false };

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The state as a view shows it. */
  shown(state: RecordedState): RecordedState | "interrupted" {
    return state === "running" && !this.#found() ? "interrupted" : state;
  }

  #found(): boolean {
    const now = performance.now();
    if (now - this.#known.at > HOLDS_MS) this.#known = { at: now, found: findServer(this.#folder) !== undefined };
    return this.#known.found;
  }
}
