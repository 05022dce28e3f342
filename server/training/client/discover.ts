/** Which runs there are, which of them live, and which one a person means. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import type { Snapshot } from "../../../schemas/protocol.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import { listRuns, RECORD_FILE, readRunRecord } from "../../store/runFolder.ts";
import { findServer } from "../server/serverFile.ts";
import { connectToRun } from "./connect.ts";

export interface FoundRun {
  folder: string;
  /** Name of the folder. */
  id: string;
  record: RunRecord;
  /** Whether a server has the run, here or on another machine. */
  live: boolean;
}

/** Runs in the given folders, newest first. Folders that are not there have none; records that cannot be read are left out. */
export function findRuns(folders: readonly string[]): FoundRun[] {
  return folders
    .flatMap((runs) => listRuns(resolve(runs)))
    .flatMap((run) =>
      "record" in run
        ? [{ folder: run.dir, id: run.id, record: run.record, live: findServer(run.dir) !== undefined }]
        : [],
    )
    .sort((a, b) => (a.record.created < b.record.created ? 1 : -1));
}

/**
 * The run a person means: a run folder's path, or a run's name or the beginning of it among the runs of `folders`.
 *
 * @throws InputError where there is none or more than one
 */
export function resolveRun(wanted: string, folders: readonly string[]): FoundRun {
  const folder = resolve(wanted);
  if (existsSync(join(folder, RECORD_FILE))) {
    return { folder, id: wanted, record: readRunRecord(folder), live: findServer(folder) !== undefined };
  }
  const runs = findRuns(folders);
  const exact = runs.find(({ id }) => id === wanted);
  if (exact) return exact;
  const matching = runs.filter(({ id, record }) => id.startsWith(wanted) || record.name === wanted);
  if (matching.length > 1) {
    const ids = matching.slice(0, 3).map(({ id }) => id);
    throw new InputError(
      `"${wanted}" may be any of ${matching.length} runs (${ids.join(", ")}${matching.length > 3 ? ", …" : ""}); give more of the name.`,
    );
  }
  if (matching[0]) return matching[0];
  throw new InputError(
    `There is no run "${wanted}" in ${folders.map((runs) => resolve(runs)).join(" or ")}; give its folder, or the folder of the runs with --runs.`,
  );
}

/** The only live run, or else the newest of several. @throws InputError where none lives */
export function liveRun(folders: readonly string[]): FoundRun {
  const run = findRuns(folders).find(({ live }) => live);
  if (run) return run;
  throw new InputError(
    `No run lives in ${folders.map((runs) => resolve(runs)).join(" or ")}; give a run's folder, or the folder of the runs with --runs.`,
  );
}

/** What a live run says of itself; undefined where it does not live or cannot be asked. */
export async function askStatus(folder: string): Promise<Snapshot | undefined> {
  try {
    const client = await connectToRun(folder);
    if (!client) return undefined;
    try {
      return await client.status();
    } finally {
      client.close();
    }
  } catch {
    return undefined; // on another machine, or ending just now
  }
}
