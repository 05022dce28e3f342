/** What a person wants of a run, and where the loop looks: a pause or a stop is obeyed between engine calls and within sampling. */

/** Thrown at the gate when the run is to end early; the loop's weights are those of its last complete step. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/**
 * Work that has the engine to itself while the loop waits at its gate. It must not reject, and ends soon once a stop is wanted.
 *
 * @param updating whether the loop stands inside an update, so that weights may have moved since the last complete step
 */
export type Interlude = (updating: boolean) => Promise<void>;

export type Wish = "run" | "pause" | "stop";

export class Control {
  #wish: Wish = "run";
  #waiting = false;
  #waited = 0;
  #interrupt = new AbortController();
  readonly #stopping = new AbortController();
  readonly #interludes: Interlude[] = [];
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

  /** Milliseconds on a clock that stands still while the run waits at its gate. */
  now(): number {
    return performance.now() - this.#waited;
  }

  /** Aborts when sampling is to be broken off. Sampling again with the same keys gives the same completions. */
  get interrupt(): AbortSignal {
    return this.#interrupt.signal;
  }

  /** Aborts when the run is to end. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Puts work where the loop is at its gate next, in the order of asking; a paused run stays paused meanwhile. */
  interlude(work: Interlude): void {
    this.#interludes.push(work);
    this.#wake();
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
    await this.#wait(false);
    if (this.#wish === "stop") throw new Stopped("The run was asked to stop");
  }

  /** The gate inside an update: waits out a pause, and lets a stop wait for the end of the step, since weights have moved. */
  hold(): Promise<void> {
    return this.#wait(true);
  }

  async #wait(updating: boolean): Promise<void> {
    while (this.#wish === "pause" || (this.#wish === "run" && this.#interludes.length > 0)) {
      this.#waiting = true;
      this.#changed();
      const since = performance.now();
      const interlude = this.#interludes.shift();
      if (interlude) await interlude(updating);
      else await this.#woken();
      this.#waited += performance.now() - since;
      this.#waiting = false;
    }
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #want(wish: Wish): void {
    this.#wish = wish;
    if (wish === "run") this.#interrupt = new AbortController();
    else this.#interrupt.abort();
    if (wish === "stop") this.#stopping.abort();
    this.#wake();
    this.#changed();
  }
}
