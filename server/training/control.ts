/** What a person wants of a run, and where the loop looks: a pause or a stop is obeyed between engine calls and within sampling. */

/** Thrown at the gate when the run is to end early; the loop's weights are those of its last complete step. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

export type Wish = "run" | "pause" | "stop";

export class Control {
  #wish: Wish = "run";
  #waiting = false;
  #waited = 0;
  #interrupt = new AbortController();
  #wake = (): void => {};
  readonly #changed: () => void;

  /** @param changed called whenever `state` may have changed */
  constructor(changed: () => void = () => {}) {
    this.#changed = changed;
  }

  /** Between a wish and the moment the loop reaches its gate, the run is pausing or stopping. */
  get state(): "running" | "pausing" | "paused" | "stopping" {
    if (this.#wish === "stop") return "stopping";
    if (this.#wish === "pause") return this.#waiting ? "paused" : "pausing";
    return "running";
  }

  /** Milliseconds on a clock that stands still while the run is paused. */
  now(): number {
    return performance.now() - this.#waited;
  }

  /** Aborts when sampling is to be broken off. Sampling again with the same keys gives the same completions. */
  get interrupt(): AbortSignal {
    return this.#interrupt.signal;
  }

  pause(): void {
    if (this.#wish === "run") this.#want("pause");
  }

  resume(): void {
    if (this.#wish === "pause") this.#want("run");
  }

  /** Not to be taken back. */
  stop(): void {
    if (this.#wish !== "stop") this.#want("stop");
  }

  /** The gate: returns at once while running, when resumed while paused. Throws Stopped where the run is to end. */
  async gate(): Promise<void> {
    await this.hold();
    if (this.#wish === "stop") throw new Stopped("The run was asked to stop");
  }

  /** The gate inside an update: waits out a pause, and lets a stop wait for the end of the step, since weights have moved. */
  async hold(): Promise<void> {
    while (this.#wish === "pause") {
      this.#waiting = true;
      this.#changed();
      const since = performance.now();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#waited += performance.now() - since;
      this.#waiting = false;
    }
  }

  #want(wish: Wish): void {
    this.#wish = wish;
    if (wish === "run") this.#interrupt = new AbortController();
    else this.#interrupt.abort();
    this.#wake();
    this.#changed();
  }
}
