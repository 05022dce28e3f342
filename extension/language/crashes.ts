/** How often a process may die before it is left alone. */
const MOST = 4;
const WITHIN_MS = 180_000;

export class Crashes {
  #times: number[] = [];
  readonly #now: () => number;

  /** @param now a clock that never goes back, milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts a death. True where the process may be started again. */
  survives(): boolean {
    const now = this.#now();
    this.#times = [...this.#times.filter((time) => now - time < WITHIN_MS), now];
    return this.#times.length < MOST;
  }

  /** A person has asked for another attempt. */
  forgive(): void {
    this.#times = [];
  }
}
