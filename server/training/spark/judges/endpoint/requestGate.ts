/**
 * How many requests an endpoint is sent: so many at a time, so many in any minute, none while it asked for a rest. Requests pass in the order
 * in which they came. Our own, since libraries for it read the machine's clock, and cannot hold all requests for a time that an answer names.
 */
import type { Clock } from "../clock.ts";

const MINUTE_MS = 60_000;

export interface GateLimits {
  /** Requests under way at a time. */
  concurrency: number;
  requestsPerMinute: number;
}

export class RequestGate {
  readonly #limits: GateLimits;
  readonly #clock: Clock;
  /** When the requests of the last minute began, oldest first. */
  readonly #begun: number[] = [];
  #underWay = 0;
  #heldUntil = Number.NEGATIVE_INFINITY;
  #last: Promise<void> = Promise.resolve();
  #freed = Promise.withResolvers<void>();

  constructor(limits: GateLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /**
   * Settles when a request may be sent.
   *
   * @returns to be called once it is over
   * @throws AbortError as soon as the signal comes
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    try {
      await untilAborted(before, signal);
      await this.#untilFree(signal);
      this.#begun.push(this.#clock.now());
      this.#underWay++;
    } finally {
      // Who gave up passes the turn on, but not before it is theirs.
      void before.then(resolve);
    }
    return () => this.#leave();
  }

  /** No request begins for so long, milliseconds. */
  hold(milliseconds: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#clock.now() + milliseconds);
  }

  async #untilFree(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (this.#underWay >= this.#limits.concurrency) {
        await untilAborted(this.#freed.promise, signal);
        continue;
      }
      const wait = this.#wait();
      if (wait <= 0) return;
      await this.#clock.sleep(wait, signal);
    }
  }

  /** Milliseconds until a request may begin. */
  #wait(): number {
    const now = this.#clock.now();
    while (this.#begun[0] !== undefined && this.#begun[0] <= now - MINUTE_MS) this.#begun.shift();
    const oldest = this.#begun.length < this.#limits.requestsPerMinute ? undefined : this.#begun[0];
    return Math.max(this.#heldUntil - now, oldest === undefined ? 0 : oldest + MINUTE_MS - now);
  }

  #leave(): void {
    this.#underWay--;
    this.#freed.resolve();
    this.#freed = Promise.withResolvers();
  }
}

async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
