/** The thread that cases run in: what does not end, or eats the heap, is ended from outside. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { type Outcome, type Range, runCases } from "./runner.ts";
import { targetNamed } from "./targets/index.ts";

export interface ThreadStart extends Range {
  target: string;
  /** One number: that of the case that runs. */
  running: SharedArrayBuffer;
  /** Where folders may be made; in memory where the system has such a place. */
  place: string;
  /** In place of the cases: one input, whose failure is told. */
  only?: Uint8Array;
}

// A library that warns of a hundred thousand inputs would keep the main thread busy with printing.
console.warn = () => {};

const start: ThreadStart = workerData;
const running = new Int32Array(start.running);
const target = targetNamed(start.target);
const folder = mkdtempSync(join(start.place, "fuzz-"));
try {
  const [seedsIn, readsIn] = [join(folder, "seeds"), join(folder, "reads")];
  for (const inner of [seedsIn, readsIn]) mkdirSync(inner);
  const seeds = await target.seeds(seedsIn);
  const { read, close } = await target.open(readsIn);
  try {
    const { only } = start;
    const one = only && { ...target, mutate: () => only };
    const answer: Outcome = await runCases(one ?? target, read, seeds, start, (number) =>
      Atomics.store(running, 0, number),
    );
    parentPort?.postMessage(answer);
  } finally {
    await close?.();
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
