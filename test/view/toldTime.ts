/** Time that a test tells: it passes for both ends of a conversation when the test says so, and no sooner. */
import { afterEach, beforeEach, mock } from "node:test";
import type { Timers } from "../../webview/client/requests.ts";

/** Milliseconds that pass at a time; between two of them all messages arrive that are on their way. */
const TICK = 20;

const realTurn = setImmediate;
const turn = (): Promise<void> => new Promise((resolve) => realTurn(resolve));

/** In every test of the file. */
export function tellTime(): void {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"] }));
  afterEach(() => mock.timers.reset());
}

/** Looked up when they are used: each test has clocks of its own. */
export const timers: Timers = {
  set: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

export async function pass(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += TICK) {
    mock.timers.tick(TICK);
    await turn();
  }
}
