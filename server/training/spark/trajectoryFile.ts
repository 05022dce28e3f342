/**
 * A file of trajectories that grows wave by wave. Each wave is appended at once and synced; what a crash left of a half-written wave is
 * cut off when the file is opened again, so that it goes on where its last whole wave ended.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import type { TrajectoryLine } from "../../../schemas/trajectories.ts";
import { syncFolder } from "../../store/atomicFile.ts";
import { explainWriteError } from "../../store/diskErrors.ts";
import { type TrajectoryPlan, wholeWaves } from "./wholeWaves.ts";

export class TrajectoryFile implements Disposable {
  readonly file: string;
  readonly #fd: number;
  /** Where the next wave goes: any other size means that somebody else writes the file. */
  #size: number;

  private constructor(file: string, fd: number, size: number) {
    this.file = file;
    this.#fd = fd;
    this.#size = size;
  }

  /**
   * Begins the file, or goes on with what there is of it.
   *
   * @param heard the lines of whole waves, one after the other
   * @throws InputError where it was made otherwise than planned, is no file of trajectories, or cannot be written
   */
  static open(file: string, plan: TrajectoryPlan, heard: (line: TrajectoryLine) => void): TrajectoryFile {
    const size = wholeWaves(file, plan, heard);
    try {
      const fd = openSync(file, size === 0 ? "w" : "r+");
      const opened = new TrajectoryFile(file, fd, size);
      ftruncateSync(fd, size);
      if (size === 0) opened.#append(`${JSON.stringify(plan.header)}\n`);
      syncFolder(dirname(file));
      return opened;
    } catch (error) {
      throw explainWriteError(error, file, "nothing of it was changed");
    }
  }

  /** @throws InputError on a full disk, and where another process has written into the file */
  append(lines: readonly TrajectoryLine[]): void {
    this.#append(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  #append(text: string): void {
    if (fstatSync(this.#fd).size !== this.#size) {
      const sentence = "Something else has written into this file meanwhile; let one process generate it at a time.";
      throw new InputError(sentence, { file: this.file });
    }
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at, bytes.length - at, this.#size + at);
      fsyncSync(this.#fd);
    } catch (error) {
      throw explainWriteError(error, this.file, "the waves before this one are whole");
    }
    this.#size += bytes.length;
  }
}
