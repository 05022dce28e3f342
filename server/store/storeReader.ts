/**
 * What all readers of a run's store have in common: a read-only connection of their own, and rows. Synchronous: a reader belongs
 * into a worker wherever something else must not wait.
 */
import { join } from "node:path";
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from "node:sqlite";
import { InputError } from "../../schemas/problem.ts";
import { explainStoreError, openForReading, STORE_FILE, versionOf } from "./database.ts";
import { Statements, type Values } from "./statements.ts";

/** A row by its columns. The tables are STRICT, so each has the type it was declared with; what is in it may be damaged. */
export type Row = Record<string, SQLOutputValue>;

export abstract class StoreReader implements Disposable {
  readonly file: string;
  /** Of the tables. */
  protected readonly version: number;
  readonly #database: DatabaseSync;
  readonly #statements: Statements;

  /**
   * @param patience milliseconds to wait for a lock that somebody else holds
   * @throws InputError where there is no store yet, or it is of another version, damaged or locked
   */
  constructor(runDir: string, patience?: number) {
    this.file = join(runDir, STORE_FILE);
    this.#database = openForReading(this.file, patience);
    this.#statements = new Statements(this.#database);
    this.version = versionOf(this.#database);
  }

  /** Changes whenever another connection has written. */
  dataVersion(): number {
    return this.all("PRAGMA data_version")[0]?.data_version as number;
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** All rows of a query. @throws InputError where the file turns out to be damaged */
  protected all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#explained(() => this.#statements.of(sql).all(...values) as Row[]);
  }

  /** The same as arrays, for queries of many rows: as objects they take four times as long, and as much memory while they are read. */
  protected arrays(sql: string, ...values: SQLInputValue[]): Values[] {
    return this.#explained(() => this.#statements.arrays(sql, ...values));
  }

  /** The same one after another, for rows that are large, or of which only the first may be wanted. */
  protected *each(sql: string, ...values: SQLInputValue[]): Iterable<Values> {
    try {
      yield* this.#statements.each(sql, ...values);
    } catch (error) {
      throw explainStoreError(error, this.file);
    }
  }

  #explained<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw explainStoreError(error, this.file);
    }
  }
}

/** @throws InputError where what a column holds cannot be what was stored */
export function whole<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new InputError("The store of this run is damaged; restore it from a copy, or start the run anew.");
  }
}

export const asJson = <T>(value: SQLOutputValue | undefined): T => whole(() => JSON.parse(value as string) as T);
