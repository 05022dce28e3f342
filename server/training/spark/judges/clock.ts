/** Time and chance as the endpoint judge uses them: tests bring their own. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Clock {
  /** Milliseconds that only ever grow. */
  now(): number;
  /** Milliseconds since 1970, for dates that a server names. */
  date(): number;
  /** @throws AbortError as soon as the signal comes */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** From 0 up to, not including, 1. */
  random(): number;
}

/** The machine's. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  random: () => Math.random(),
};
