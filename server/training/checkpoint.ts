/**
 * Checkpoints: `checkpoints/step-N/` inside the run folder. One is written aside, synced and renamed, so a folder with
 * that name is whole whatever moment the machine stopped at; what a damaged disk does to it later is found on reading.
 */
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { count, strict } from "../../schemas/fields.ts";
import { InputError } from "../../schemas/problem.ts";
import { syncFolder, syncTree, writeJson } from "../store/atomicFile.ts";
import { explainWriteError } from "../store/diskErrors.ts";
import { formatOf, NewerVersion, refuseNewer } from "../store/newerVersion.ts";
import { check } from "../toolcalls/check.ts";
import { readJson } from "../toolcalls/documents.ts";
import { openSafetensors } from "./engine/safetensors.ts";

const CHECKPOINT_FORMAT = 1;
const STATE_FILE = "state.json";

/** Everything of a run that is not weights. */
export const CheckpointState = Type.Object(
  {
    /** Last complete step; training goes on with the one after it. */
    step: count,
    /** Optimizer steps taken. */
    optimizerStep: count,
    /** Curriculum, hard rows and whatever else the loop keeps between steps; JSON. */
    state: Type.Record(Type.String(), Type.Unknown()),
  },
  strict,
);

const StateFile = Type.Object(
  {
    format: Type.Literal(CHECKPOINT_FORMAT),
    ...CheckpointState.properties,
    /** Every other file of the checkpoint, relative to it, and its size. */
    files: Type.Record(Type.String(), count),
  },
  strict,
);

export type CheckpointState = Static<typeof CheckpointState>;

export interface Checkpoint extends CheckpointState {
  dir: string;
}

const stepOf = (name: string): number | undefined => {
  const match = /^step-(0|[1-9]\d*)$/.exec(name);
  return match ? Number(match[1]) : undefined;
};

const folderOf = (runDir: string): string => join(runDir, "checkpoints");

/** Steps that have a folder, newest first. */
function stepsIn(checkpoints: string): number[] {
  if (!existsSync(checkpoints)) return [];
  return readdirSync(checkpoints)
    .map(stepOf)
    .filter((step) => step !== undefined)
    .sort((a, b) => b - a);
}

/**
 * Writes the checkpoint of a step and removes those it makes needless: all but the `keep` newest, and any of a later
 * step, which the run has gone back behind.
 *
 * @param write fills the folder it is given; the state is added by this function
 * @param keep at least 1
 * @returns the checkpoint's folder
 * @throws InputError on a full disk; earlier checkpoints are then as they were
 */
export async function writeCheckpoint(
  runDir: string,
  state: CheckpointState,
  keep: number,
  write: (dir: string) => Promise<void>,
): Promise<string> {
  if (!Number.isInteger(keep) || keep < 1) throw new RangeError(`keep must be 1 or more, not ${keep}`);
  const checkpoints = folderOf(runDir);
  const name = `step-${state.step}`;
  const final = join(checkpoints, name);
  // An engine that outlived its killed server may still be writing into an older folder of this step, and a process id
  // comes again: the name is nobody else's.
  const owner = `${process.pid}-${randomUUID().slice(0, 8)}`;
  const aside = join(checkpoints, `.${name}.tmp-${owner}`);
  const earlier = join(checkpoints, `.${name}.old-${owner}`);
  try {
    if (mkdirSync(checkpoints, { recursive: true })) syncFolder(runDir);
    mkdirSync(aside);
    await write(aside);
    const files = await syncTree(aside);
    writeJson(join(aside, STATE_FILE), { format: CHECKPOINT_FORMAT, ...state, files });
    // A folder cannot be renamed over another: one of the same step gives way first, and cleanCheckpoints knows it.
    if (existsSync(final)) renameSync(final, earlier);
    renameSync(aside, final);
    syncFolder(checkpoints);
    await remove(earlier);
  } catch (error) {
    if (existsSync(earlier) && !existsSync(final)) renameSync(earlier, final);
    await remove(aside);
    throw explainWriteError(error, final, "earlier checkpoints are whole");
  }
  const steps = stepsIn(checkpoints);
  const needless = [
    ...steps.filter((step) => step > state.step),
    ...steps.filter((step) => step <= state.step).slice(keep),
  ];
  for (const step of needless) await remove(join(checkpoints, `step-${step}`));
  return final;
}

/** What cannot go now, since somebody reads it over a network, goes with a later checkpoint; half gone it counts as damaged. */
async function remove(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true }).catch(() => {});
}

/**
 * Clears up after a process that was killed while it wrote. Only for the one that owns the run, before it writes: what
 * is cleared away could be another's work in progress.
 */
export function cleanCheckpoints(runDir: string): void {
  const checkpoints = folderOf(runDir);
  if (!existsSync(checkpoints)) return;
  const needless: string[] = [];
  for (const name of readdirSync(checkpoints)) {
    const match = /^\.(step-\d+)\.(tmp|old)-/.exec(name);
    if (!match) continue;
    const path = join(checkpoints, name);
    const final = join(checkpoints, match[1] as string);
    if (match[2] === "old" && !existsSync(final)) renameSync(path, final);
    else needless.push(path);
  }
  // One that gave way goes only when its successor's name lasts: who was killed may not have come to that.
  syncFolder(checkpoints);
  // An engine that outlived its killed server may still be filling one of them, for the moment that it takes to end itself.
  for (const path of needless) rmSync(path, { recursive: true, force: true, maxRetries: 10 });
}

/**
 * Reads and checks one checkpoint: its state, the size of every file, the headers of its tensors.
 *
 * @throws InputError naming the file that is missing, damaged, or of a newer version
 */
export function readCheckpoint(dir: string): Checkpoint {
  const document = readJson(join(dir, STATE_FILE));
  refuseNewer(document.file, formatOf(document.value), CHECKPOINT_FORMAT);
  const { step, optimizerStep, state, files } = check<Static<typeof StateFile>>(StateFile, document);
  for (const [name, bytes] of Object.entries(files)) {
    const file = join(dir, name);
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size !== bytes) {
      const found = size === undefined ? "is missing" : `has ${size} bytes instead of ${bytes}`;
      throw new InputError(`${file} ${found}; the checkpoint is damaged.`, { file });
    }
    if (name.endsWith(".safetensors")) openSafetensors(file).close();
  }
  return { dir, step, optimizerStep, state };
}

/**
 * The newest whole checkpoint of a run; undefined where there is none.
 *
 * @param damaged told why a newer one was passed over
 * @throws InputError where the newest was written by a newer version: an older one must not quietly take its place
 */
export function latestCheckpoint(
  runDir: string,
  damaged: (reason: InputError) => void = () => {},
): Checkpoint | undefined {
  const checkpoints = folderOf(runDir);
  for (const step of stepsIn(checkpoints)) {
    try {
      return readCheckpoint(join(checkpoints, `step-${step}`));
    } catch (error) {
      if (!(error instanceof InputError) || error instanceof NewerVersion) throw error;
      damaged(error);
    }
  }
  return undefined;
}

/**
 * The checkpoint of a step, or else the newest whole one.
 *
 * @throws InputError where the run has none, or none of that step, naming those it has; and where it is damaged
 */
export function chosenCheckpoint(runDir: string, step?: number): Checkpoint {
  const checkpoints = folderOf(runDir);
  const steps = stepsIn(checkpoints);
  if (steps.length === 0) {
    throw new InputError("The run has no checkpoint yet; it takes the first one right before step 1.", {
      file: runDir,
    });
  }
  if (step !== undefined) {
    if (steps.includes(step)) return readCheckpoint(join(checkpoints, `step-${step}`));
    const known = steps.toReversed().join(", ");
    throw new InputError(`The run has no checkpoint of step ${step}; it has those of step ${known}.`, { file: runDir });
  }
  const damages: InputError[] = [];
  const latest = latestCheckpoint(runDir, (reason) => damages.push(reason));
  if (latest === undefined) throw damages[0] ?? new InputError("The run has no checkpoint.", { file: runDir });
  return latest;
}
