/** Quickstart runs for measurements, in a folder that goes away. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ResolvedExperiment } from "../schemas/experiment.ts";
import type { Snapshot } from "../schemas/protocol.ts";
import { RunClient } from "../server/training/client/connect.ts";
import { startServer } from "../server/training/client/start.ts";
import { resolveExperiment } from "../server/training/experiment.ts";
import { createRun } from "../server/training/newRun.ts";
import { QUICKSTART } from "./engine/quickstart.ts";

const experiment = join(QUICKSTART, "experiment.json");

export interface LiveRun {
  folder: string;
  client: RunClient;
  /** Removes the run's folder; the run has ended by then. */
  remove(): void;
}

export async function startQuickstart(steps: number): Promise<LiveRun> {
  const runs = mkdtempSync(join(tmpdir(), "toolexpander-bench-runs-"));
  const run = await startRun(resolveExperiment(experiment, { steps, runs, seed: 1 }));
  return { ...run, remove: () => rmSync(runs, { recursive: true, force: true }) };
}

/** Begins a run of an experiment, by the way that the command line and the editor have. */
export async function startRun(resolved: ResolvedExperiment): Promise<Omit<LiveRun, "remove">> {
  const folder = createRun(resolved);
  const client = await startServer(folder);
  if (!(client instanceof RunClient)) throw new Error(`The training server ended early (${client.exitCode})`);
  return { folder, client };
}

/** Polls the run until its snapshot is as wanted; throws after `seconds`. */
export async function until(
  client: RunClient,
  seconds: number,
  wanted: (snapshot: Snapshot) => boolean,
): Promise<Snapshot> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const snapshot = await client.status();
    if (wanted(snapshot)) return snapshot;
    if (performance.now() > deadline)
      throw new Error(`The run did not get there within ${seconds} s: ${snapshot.activity}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
