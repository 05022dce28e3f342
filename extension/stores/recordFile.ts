/** The record of a run, read again when it was written again. */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { RunRecord } from "../../schemas/run.ts";
import { RECORD_FILE, readRunRecord } from "../../server/store/runFolder.ts";

export class RecordFile {
  readonly #runDir: string;
  #known: { time: number; record: RunRecord } | undefined;

  constructor(runDir: string) {
    this.#runDir = runDir;
  }

  /** As it lies on the disk now, the same object as long as nobody writes it; undefined where it cannot be read, which is no reason to show nothing. */
  read(): RunRecord | undefined {
    try {
      const time = statSync(join(this.#runDir, RECORD_FILE)).mtimeMs;
      if (this.#known?.time !== time) this.#known = { time, record: readRunRecord(this.#runDir) };
    } catch {
      this.#known = undefined;
    }
    return this.#known?.record;
  }
}
