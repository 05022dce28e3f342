/** Run folders: `<runs>/<yyyymmdd-hhmmss>-<name>/`, each with its `run.json`. */
import { mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { InputError } from "../../schemas/problem.ts";
import { RUN_FORMAT, RunRecord } from "../../schemas/run.ts";
import { check } from "../toolcalls/check.ts";
import { readJson } from "../toolcalls/documents.ts";
import { syncFolder, writeJson } from "./atomicFile.ts";
import { explainWriteError } from "./diskErrors.ts";
import { broughtUp } from "./earlierRecords.ts";
import { formatOf, refuseNewer } from "./newerVersion.ts";

export const RECORD_FILE = "run.json";

/** `20261120-140509`, local time: what the researcher's own clock said. */
function stamp(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${date}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}

/**
 * Makes a new folder for a run and returns its path. A folder that is there already is left alone: the new one gets
 * `-2`, `-3` … at its end.
 *
 * @param name as an experiment's name: letters, digits, `.`, `_`, `-`
 * @throws InputError for another name, a full disk, or a place that may not be written
 */
export function createRunFolder(runs: string, name: string, time = new Date()): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    throw new InputError(`"${name}" cannot be part of a folder's name; use letters, digits, ".", "_" and "-".`);
  }
  try {
    mkdirSync(runs, { recursive: true });
    for (let attempt = 1; ; attempt++) {
      const folder = join(runs, `${stamp(time)}-${name}${attempt === 1 ? "" : `-${attempt}`}`);
      if (!makeFolder(folder)) continue;
      syncFolder(runs);
      return folder;
    }
  } catch (error) {
    throw explainWriteError(error, runs, "no run was started");
  }
}

/** False where it is there already. */
function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Replaces `run.json`, whole or not at all. */
export function writeRunRecord(runDir: string, record: RunRecord): void {
  writeJson(join(runDir, RECORD_FILE), record);
}

/** @throws InputError where it is missing, no record, or of a newer version */
export function readRunRecord(runDir: string): RunRecord {
  const document = readJson(join(runDir, RECORD_FILE));
  refuseNewer(document.file, formatOf(document.value), RUN_FORMAT);
  return check<RunRecord>(RunRecord, { ...document, value: broughtUp(document.value) });
}

type Cleared = "ended" | "message" | "defect" | "results";
/** What an update sets; an optional key that is given as undefined goes away. */
export type RecordChanges = Partial<Omit<RunRecord, Cleared>> & { [K in Cleared]?: RunRecord[K] | undefined };

/** Changes some keys of the record and leaves the others as they are. Returns the record as it now is. */
export function updateRunRecord(runDir: string, changes: RecordChanges): RunRecord {
  const all = Object.entries({ ...readRunRecord(runDir), ...changes });
  const record = Object.fromEntries(all.filter(([, value]) => value !== undefined)) as RunRecord;
  writeRunRecord(runDir, record);
  return record;
}

/** A run in a list: its record, or why it cannot be read. */
export type ListedRun = { dir: string; id: string } & ({ record: RunRecord } | { problem: InputError });

/** The runs of a folder, newest first; a folder that is not there has none. */
export function listRuns(runs: string): ListedRun[] {
  return runFoldersIn(runs).map(listRun);
}

/** Paths of the run folders, newest first. Folders without a `run.json` are no runs. */
export function runFoldersIn(runs: string): string[] {
  return entriesOf(runs)
    .sort((a, b) => (a < b ? 1 : -1))
    .map((id) => join(runs, id))
    .filter((dir) => entriesOf(dir).includes(RECORD_FILE));
}

/** One run as a list shows it. */
export function listRun(dir: string): ListedRun {
  const id = basename(dir);
  try {
    return { dir, id, record: readRunRecord(dir) };
  } catch (error) {
    if (error instanceof InputError) return { dir, id, problem: error };
    throw error;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES") return [];
    throw error;
  }
}
