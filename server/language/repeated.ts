/** Work that is asked for again and again, done one time after the other: asked for meanwhile, it is done once more. */
export class Repeated {
  readonly #work: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;
  #isRunning = false;

  /** @param work must not reject */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** @param quiet wait at most so long for more to change, milliseconds */
  request(quiet: number): void {
    const due = performance.now() + quiet;
    if (due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    if (!this.#isRunning) this.#timer = setTimeout(() => this.#run(), quiet).unref();
  }

  #run(): void {
    this.#isRunning = true;
    this.#due = Number.POSITIVE_INFINITY;
    void this.#work().finally(() => {
      this.#isRunning = false;
      const due = this.#due;
      if (due === Number.POSITIVE_INFINITY) return;
      this.#due = Number.POSITIVE_INFINITY;
      this.request(Math.max(0, due - performance.now()));
    });
  }
}
