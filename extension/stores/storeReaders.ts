/** Readers of one run's store that are opened and closed together, and in one sentence why it cannot be read. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, InputError } from "../../schemas/problem.ts";
import { explainStoreError, STORE_FILE } from "../../server/store/database.ts";

/** A lock is held for milliseconds, unless somebody locked the file by hand; then the view says so, rather than wait. */
const PATIENCE_MS = 1000;

export abstract class StoreReaders implements Disposable {
  readonly #runDir: string;
  readonly #inode: bigint;
  // Not a DisposableStack: the Node of the oldest editor has none.
  readonly #opened: Disposable[] = [];

  constructor(runDir: string) {
    this.#runDir = runDir;
    this.#inode = inodeOf(runDir);
  }

  /** One more; where it cannot be opened, those before it are closed. @throws InputError where the store is of another version, damaged or locked */
  protected open<R extends Disposable>(Reader: new (runDir: string, patience: number) => R): R {
    try {
      const reader = new Reader(this.#runDir, PATIENCE_MS);
      this.#opened.push(reader);
      return reader;
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** False once the file was deleted, moved or exchanged: an open file goes on to be readable, and tells nothing new. */
  get current(): boolean {
    return existsSync(join(this.#runDir, STORE_FILE)) && inodeOf(this.#runDir) === this.#inode;
  }

  [Symbol.dispose](): void {
    for (const reader of this.#opened.splice(0)) reader[Symbol.dispose]();
  }
}

const inodeOf = (runDir: string): bigint => statSync(join(runDir, STORE_FILE), { bigint: true }).ino;

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
