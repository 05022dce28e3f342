/** A run's policy, as it was at one of its checkpoints, in a folder that others read. The run may be training meanwhile. */
import { existsSync, readdirSync, rmdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { ExportDtype, ExportFormat } from "../../schemas/exporting.ts";
import { InputError } from "../../schemas/problem.ts";
import type { RunRecord } from "../../schemas/run.ts";
import { explainWriteError } from "../store/diskErrors.ts";
import { type Checkpoint, chosenCheckpoint } from "./checkpoint.ts";
import { exportCheckpoint } from "./engine/onnx/exporting/exportCheckpoint.ts";
import { checkModel } from "./inputs.ts";
import { engineOptions } from "./server/supervisor.ts";
import { writtenFolder } from "./writtenFolder.ts";

/** Newest checkpoints that may go while they are read. */
const MOST_ATTEMPTS = 3;

export interface ExportRequest {
  /** Folder to be written; it is not there, or it is empty. */
  to: string;
  as: ExportFormat;
  dtype: ExportDtype;
  /** Step of the checkpoint; the newest unless given. */
  step?: number | undefined;
}

export interface ExportedFile {
  /** Relative to the folder, with forward slashes. */
  name: string;
  bytes: number;
}

export interface Exported {
  folder: string;
  step: number;
  files: ExportedFile[];
}

/**
 * @param found told which step's checkpoint is exported, and waited for: the work blocks the thread
 * @throws InputError in one sentence where that cannot be; nothing is left behind then
 */
export async function exportRun(
  runFolder: string,
  record: Pick<RunRecord, "experiment" | "inputs">,
  { to, as, dtype, step }: ExportRequest,
  found: (step: number) => void | Promise<void> = () => {},
): Promise<Exported> {
  const folder = resolve(to);
  const { model, adapter, seed } = engineOptions(record.experiment);
  if (as === "adapter" && adapter === undefined) {
    throw new InputError("The run trains every weight, so it has no adapter; export it as safetensors or onnx.", {
      file: runFolder,
    });
  }
  refuseOccupied(folder);
  await checkModel(record);
  for (let attempt = 1; ; attempt++) {
    const checkpoint = chosenCheckpoint(runFolder, step);
    await found(checkpoint.step);
    const options = { model, seed, ...(adapter && { adapter }), checkpoint: checkpoint.dir, as, dtype };
    try {
      await writtenFolder(folder, (aside) => exportCheckpoint(aside, options), clearEmpty);
      return { folder, step: checkpoint.step, files: filesBelow(folder) };
    } catch (error) {
      if (existsSync(checkpoint.dir)) throw explainWriteError(error, folder, "nothing was exported");
      if (step !== undefined || attempt === MOST_ATTEMPTS) throw removed(checkpoint, runFolder);
    }
  }
}

/** A run that goes on keeps its newest checkpoints only. */
function removed({ step }: Checkpoint, runFolder: string): InputError {
  return new InputError(
    `The run removed its checkpoint of step ${step} while it was read; pause the run, or export a newer one.`,
    { file: runFolder },
  );
}

function refuseOccupied(folder: string): void {
  const there = existing(folder);
  if (there === undefined) return;
  const stat = statSync(there);
  if (stat.isDirectory() && (there !== folder || readdirSync(folder).length === 0)) return;
  const what = stat.isDirectory() ? "The folder is not empty" : "A file is called so";
  throw new InputError(`${what}; an export writes over nothing, so name another folder.`, { file: there });
}

/** The path itself, or the nearest of the folders around it that is there. */
function existing(path: string): string | undefined {
  if (existsSync(path)) return path;
  return dirname(path) === path ? undefined : existing(dirname(path));
}

/** Somebody may have put something there while the export was written. */
function clearEmpty(folder: string): void {
  refuseOccupied(folder);
  if (existsSync(folder)) rmdirSync(folder);
}

function filesBelow(folder: string): ExportedFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(folder, path).replaceAll("\\", "/"), bytes: statSync(path).size }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
