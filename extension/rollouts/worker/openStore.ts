/** The store of a run as the worker holds it, and in one sentence why it cannot be read. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, InputError } from "../../../schemas/problem.ts";
import { explainStoreError, STORE_FILE } from "../../../server/store/database.ts";
import { GroupReader } from "../../../server/store/groupReader.ts";
import { ListReader } from "../../../server/store/listReader.ts";
import { RunReader } from "../../../server/store/reader.ts";
import { SampleReader } from "../../../server/store/sampleReader.ts";
import { TextReader } from "../../../server/store/textReader.ts";

/** A lock is held for milliseconds, unless somebody locked the file by hand; then the view says so, rather than wait. */
const patience = 1000;

export class OpenStore implements Disposable {
  readonly groups: GroupReader;
  readonly rollouts: RunReader;
  readonly samples: SampleReader;
  readonly lists: ListReader;
  readonly texts: TextReader;
  readonly #readers: readonly Disposable[];
  readonly #file: string;
  readonly #inode: bigint;

  /** @throws InputError where it is of another version, damaged or locked */
  constructor(runDir: string) {
    this.#file = join(runDir, STORE_FILE);
    this.#inode = inodeOf(this.#file);
    const opened: Disposable[] = [];
    const keep = <Reader extends Disposable>(reader: Reader): Reader => {
      opened.push(reader);
      return reader;
    };
    try {
      this.groups = keep(new GroupReader(runDir, patience));
      this.rollouts = keep(new RunReader(runDir, patience));
      this.samples = keep(new SampleReader(runDir, patience));
      this.lists = keep(new ListReader(runDir, patience));
      this.texts = keep(new TextReader(runDir, patience));
    } catch (error) {
      for (const reader of opened) reader[Symbol.dispose]();
      throw error;
    }
    this.#readers = opened;
  }

  /** False once the file was deleted, moved or exchanged: an open file goes on to be readable, and tells nothing new. */
  get current(): boolean {
    return existsSync(this.#file) && inodeOf(this.#file) === this.#inode;
  }

  [Symbol.dispose](): void {
    for (const reader of this.#readers) reader[Symbol.dispose]();
  }
}

const inodeOf = (file: string): bigint => statSync(file, { bigint: true }).ino;

/** Whether there is a store; a run that has only begun has none, or an empty file. @throws InputError where the folder itself is gone */
export function hasStore(runDir: string): boolean {
  const file = statSync(join(runDir, STORE_FILE), { throwIfNoEntry: false });
  if (file !== undefined) return file.size > 0;
  if (existsSync(runDir)) return false;
  throw new InputError(
    `The run folder ${runDir} is no longer there: it was deleted, moved or renamed. Put it back, or open the run where it is now.`,
  );
}

/** One sentence for the person who looks at the view. */
export function sentenceOf(thrown: unknown, runDir: string): string {
  const file = join(runDir, STORE_FILE);
  const error = explainStoreError(thrown, file);
  if (error instanceof InputError) {
    return error.place && !error.message.includes(error.place.file) ? describe(error) : error.message;
  }
  return `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
}
