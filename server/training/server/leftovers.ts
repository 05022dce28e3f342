/** What processes that were killed left half-written in a run folder, under names that nobody reads. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { exists } from "./liveness.ts";

/** `run.json.tmp-12`, `model.tmp-12`, `server.json.claim-12-0a1b2c3d`: the number is the process that wrote it. */
const LEFT = /\.(?:tmp|claim|stale)-(\d+)(?:-[0-9a-f]+)?$/;

/** Clears up behind processes that are gone. For the owner of the run; what cannot be removed stays, and harms nobody. */
export function clearLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = LEFT.exec(name)?.[1];
    if (pid === undefined || exists(Number(pid))) continue;
    try {
      // An engine that outlived its killed server may still be filling the folder, for the moment that it takes to end itself.
      rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 10 });
    } catch {
      // Litter keeps no run from going on.
    }
  }
}
