/** A clock for tests: waits pass at once and are on record, time limits pass when the test says so. */
import { setImmediate } from "node:timers/promises";
import type { Clock } from "../clock.ts";

export class TestClock implements Clock {
  /** Waits that passed, milliseconds, in order. */
  readonly slept: number[] = [];
  readonly #limit: number;
  readonly #share: number;
  readonly #limits = new Set<() => void>();
  #now = 0;

  /**
   * @param limit a wait of exactly so long is a time limit, milliseconds
   * @param share what `random` gives
   */
  constructor(limit: number, share = 0) {
    this.#limit = limit;
    this.#share = share;
  }

  now(): number {
    return this.#now;
  }

  date(): number {
    return Date.UTC(2026, 0, 1) + this.#now;
  }

  random(): number {
    return this.#share;
  }

  /** Time limits that run. */
  get limits(): number {
    return this.#limits.size;
  }

  /** Lets the time limits that run pass. */
  expire(): void {
    for (const pass of [...this.#limits]) pass();
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (milliseconds === this.#limit) return this.#untilExpired(signal);
    this.slept.push(milliseconds);
    this.#now += milliseconds;
    await setImmediate();
    signal.throwIfAborted();
  }

  #untilExpired(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const pass = (): void => {
        this.#limits.delete(pass);
        resolve();
      };
      this.#limits.add(pass);
      signal.addEventListener("abort", () => {
        this.#limits.delete(pass);
        reject(signal.reason);
      });
    });
  }
}
