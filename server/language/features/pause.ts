/** Longest time for which nothing else is answered, milliseconds. */
const SLICE = 10;

/** Lets whoever else waits have a turn during long work. */
export class Pause {
  #due = performance.now() + SLICE;

  async whenDue(): Promise<void> {
    if (performance.now() < this.#due) return;
    await new Promise((next) => setImmediate(next));
    this.#due = performance.now() + SLICE;
  }
}
