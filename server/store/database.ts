/** Opening `run.sqlite`: journal, versions, transactions. Everything is synchronous. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { InputError } from "../../schemas/problem.ts";
import { addCalledTools } from "./calledTools.ts";
import { explainWriteError } from "./diskErrors.ts";
import { networkFileSystem } from "./fileSystem.ts";
import { countAllGroups, takeAllParts } from "./groups.ts";
import { refuseNewer } from "./newerVersion.ts";
import { GROUPS_SINCE, migrations, PARTS_SINCE, READABLE_SINCE, STORE_VERSION } from "./tables.ts";

/** The store inside a run folder. */
export const STORE_FILE = "run.sqlite";

/** A reader under a rollback journal can hold the writer up, and the other way round; this long a wait is no failure. */
const busyMilliseconds = 30_000;

/** Steps are committed seconds apart, so the few milliseconds that FULL takes to sync each of them do not count; NORMAL
 *  could lose, with the power, steps that a checkpoint taken after them vouches for and no replay would write again. */
const synchronous = "FULL";

export function versionOf(database: DatabaseSync): number {
  return (database.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
}

/** Result codes: https://www.sqlite.org/rescode.html. Says whose fault it is where a file is no store of ours, or damaged. */
export function explainStoreError(error: unknown, file: string): unknown {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  const primary = typeof errcode === "number" ? errcode % 256 : undefined;
  if (primary === 26) return new InputError(`${file} is not a SQLite database.`, { file });
  // 1 is a mistake in a statement: ours are right for every store of ours, so its tables have been damaged.
  if (primary === 11 || primary === 1)
    return new InputError(`${file} is damaged; restore it from a copy, or start the run anew.`, { file });
  if (primary === 14) return new InputError(`${file} cannot be opened; check the permissions of its folder.`, { file });
  return explainWriteError(error, file, "nothing in it was changed");
}

/** Runs `work` and commits it whole, or rolls back and throws what it threw. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  // IMMEDIATE: a transaction that reads first and writes later could find the lock taken half-way.
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // A full disk has already rolled it back (https://www.sqlite.org/lang_transaction.html, "Response To Errors").
    }
    throw error;
  }
}

/**
 * Opens the store for writing, made or brought to this version where needed.
 *
 * @throws InputError where it is newer than this version, damaged, or may not be written
 */
export function openForWriting(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    const network = networkFileSystem(dirname(file));
    database = new DatabaseSync(file);
    database.exec(`PRAGMA busy_timeout = ${busyMilliseconds}`);
    refuseNewer(file, versionOf(database), STORE_VERSION);
    database.exec(`PRAGMA synchronous = ${synchronous}`);
    addCalledTools(database);
    // Before the journal, which would write the file's first page: who reads a new store finds it empty, or with all its tables.
    migrate(database);
    database.exec(`PRAGMA journal_mode = ${network === undefined ? "WAL" : "DELETE"}`);
    // The log's index is made with the first reading: a disk without room for it is told of here.
    versionOf(database);
    return database;
  } catch (error) {
    database?.close();
    throw explainStoreError(error, file);
  }
}

function migrate(database: DatabaseSync): void {
  inTransaction(database, () => {
    const before = versionOf(database);
    for (const migration of migrations.slice(before)) database.exec(migration);
    if (before < GROUPS_SINCE) countAllGroups(database);
    if (before < PARTS_SINCE) takeAllParts(database);
    database.exec(`PRAGMA user_version = ${STORE_VERSION}`);
  });
}

/**
 * Under a rollback journal, a writer that was killed in the midst of a commit leaves it to the next one who opens the
 * file to undo the half; a read-only connection may not.
 */
function finishRollback(file: string, patience: number): void {
  if (!existsSync(`${file}-journal`)) return;
  const database = new DatabaseSync(file);
  try {
    database.exec(`PRAGMA busy_timeout = ${patience}`);
    versionOf(database);
  } finally {
    database.close();
  }
}

/**
 * Opens the store for reading, beside a writer or without one.
 *
 * @param patience milliseconds to wait for a lock that somebody else holds
 * @throws InputError where it is not there or holds nothing yet, newer than this version, older than READABLE_SINCE, or damaged
 */
export function openForReading(file: string, patience = busyMilliseconds): DatabaseSync {
  if (!existsSync(file)) throw new InputError(`${file} does not exist; the run has stored nothing yet.`, { file });
  let database: DatabaseSync | undefined;
  try {
    finishRollback(file, patience);
    database = new DatabaseSync(file, { readOnly: true });
    database.exec(`PRAGMA busy_timeout = ${patience}`);
    const version = versionOf(database);
    refuseNewer(file, version, STORE_VERSION);
    if (version === 0) throw new InputError(`${file} holds nothing of a run yet.`, { file });
    if (version < READABLE_SINCE) {
      throw new InputError(
        `${file} was written by an older version (store ${version}); resume the run once to bring it up.`,
        {
          file,
        },
      );
    }
    return database;
  } catch (error) {
    database?.close();
    throw explainStoreError(error, file);
  }
}

/**
 * Closes the writer's database and, where nobody reads it just now, goes back to a rollback journal: one plain file that
 * can be opened from a folder that may not be written, which a write-ahead log cannot.
 */
export function closeWriting(database: DatabaseSync): void {
  try {
    database.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE");
  } catch {
    // Somebody reads: the log stays, and stays readable.
  }
  database.close();
}
