/** Of two windows that start the same experiment at the same moment, the second waits until the first has done so. */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import { explainWriteError } from "../../../server/store/diskErrors.ts";
import { claimFile } from "../../../server/training/server/ownerFile.ts";

/** A start takes seconds; a window that holds its place this long is stuck. Milliseconds. */
const PATIENCE_MS = 120_000;

/**
 * Does the work while no other window starts this experiment.
 *
 * @param waiting called once where another window is at it
 * @throws InputError where the folder of the runs may not be written, or the other window does not come to an end
 */
export async function alone<T>(
  { file, runs }: Pick<ResolvedExperiment, "file" | "runs">,
  waiting: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const release = await takeTurn(lockFile(file, runs), waiting);
  try {
    return await work();
  } finally {
    release();
  }
}

function lockFile(file: string, runs: string): string {
  try {
    mkdirSync(runs, { recursive: true });
  } catch (error) {
    throw explainWriteError(error, runs, "no run was started");
  }
  const key = createHash("sha256").update(file).digest("hex").slice(0, 12);
  return join(runs, `.starting-${key}.json`);
}

async function takeTurn(file: string, waiting: () => void): Promise<() => void> {
  const deadline = performance.now() + PATIENCE_MS;
  let told = false;
  for (;;) {
    const claimed = claimFile(file, "");
    if (typeof claimed === "function") return claimed;
    if (performance.now() > deadline) {
      const { pid, hostname } = claimed.server;
      throw new InputError(
        `process ${pid} on ${hostname} has been starting this experiment for minutes; close that window, or remove this file`,
        { file },
      );
    }
    if (!told) waiting();
    told = true;
    await sleep(100);
  }
}
