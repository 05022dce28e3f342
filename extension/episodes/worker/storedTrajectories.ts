/**
 * The trajectories that a run has learnt from, by their place in the file: the store has what was taken of each turn, and all that it
 * was taken from stands in the file alone. It is believed only while it is to the byte what the run read.
 */
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { describe, InputError } from "../../../schemas/problem.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import { isSkipped, type Trajectory } from "../../../schemas/trajectories.ts";
import { headerLine, trajectoryLine } from "../../../server/training/spark/trajectoryLine.ts";

const CHUNK = 1 << 20;
const LF = 0x0a;
const LOST = "so the candidates of this run's stored episodes are not known";

/** A line with text: its number from 1, and its bytes. */
interface Line {
  number: number;
  start: number;
  end: number;
}

interface Known {
  /** Size and time of the file as it was read. */
  stamp: string;
  /** One sentence where nothing of it can be believed. */
  problem: string | undefined;
  lines: readonly Line[];
}

export interface StoredTrajectory {
  trajectory: Trajectory;
  /** With which it was generated. */
  threshold: number;
}

export class StoredTrajectories {
  readonly #file: string | undefined;
  readonly #sha256: string | undefined;
  #known: Promise<Known> | undefined;

  constructor({ experiment, inputs }: Pick<RunRecord, "experiment" | "inputs">) {
    this.#file = experiment.trajectories;
    this.#sha256 = inputs.find(({ file }) => file === experiment.trajectories)?.sha256;
  }

  /** The trajectory of the question at this place among all of the file; one sentence where it is not known. */
  async of(question: string, place: number): Promise<StoredTrajectory | string> {
    const file = this.#file;
    if (file === undefined) return `The run names no trajectories, ${LOST}.`;
    if (this.#sha256 === undefined) return `The record of the run does not list ${file}, ${LOST}.`;
    try {
      await using handle = await open(file);
      const { problem, lines } = await this.#checked(handle, this.#sha256, file);
      if (problem !== undefined) return problem;
      const [header, line] = [lines[0], lines[place + 1]];
      const trajectory = line && trajectoryLine(await textOf(handle, line), file, line.number, { exactNumbers: true });
      if (!header || !trajectory || isSkipped(trajectory) || trajectory.question !== question)
        return `${file} has another question in this place, ${LOST}.`;
      const { settings } = headerLine(await textOf(handle, header), file);
      return { trajectory, threshold: settings.threshold };
    } catch (error) {
      if (error instanceof InputError) return `${describe(error)} It cannot be read, ${LOST}.`;
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return `${file} is no longer there, ${LOST}; put it back and retry.`;
      return `${file} cannot be read (${message}), ${LOST}.`;
    }
  }

  /** Once for a file as it lies there; read again when it was touched. */
  async #checked(handle: FileHandle, sha256: string, file: string): Promise<Known> {
    const { size, mtimeMs, ino } = await handle.stat();
    const stamp = `${ino} ${size} ${mtimeMs}`;
    const before = await this.#known?.catch(() => undefined);
    if (before?.stamp === stamp) return before;
    this.#known = linesOf(handle).then(({ hash, lines }) => ({
      stamp,
      lines,
      problem: hash === sha256 ? undefined : `${file} has changed since the run read it, ${LOST}.`,
    }));
    return this.#known;
  }
}

/** One pass over the whole file, in pieces, between which others are answered. */
async function linesOf(handle: FileHandle): Promise<{ hash: string; lines: Line[] }> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(CHUNK);
  const lines: Line[] = [];
  let [offset, start, number] = [0, 0, 1];
  /** Whether the line has more than white space so far. */
  let text = false;
  const end = (at: number): void => {
    if (text) lines.push({ number, start, end: at });
    [start, text, number] = [at + 1, false, number + 1];
  };
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK, offset);
    if (bytesRead === 0) break;
    const bytes = buffer.subarray(0, bytesRead);
    hash.update(bytes);
    let at = 0;
    for (let found = bytes.indexOf(LF); found !== -1; found = bytes.indexOf(LF, at)) {
      text ||= hasText(bytes, at, found);
      end(offset + found);
      at = found + 1;
    }
    text ||= hasText(bytes, at, bytes.length);
    offset += bytesRead;
  }
  end(offset);
  return { hash: hash.digest("hex"), lines };
}

function hasText(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((bytes[at] ?? 0) > 0x20) return true;
  return false;
}

async function textOf(handle: FileHandle, { start, end }: Line): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
  return buffer.toString("utf8", 0, bytesRead);
}
