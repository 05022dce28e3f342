/** Statements of an open store, each compiled when it is first asked for. */
import { type DatabaseSync, type SQLInputValue, type SQLOutputValue, StatementSync } from "node:sqlite";

/** Runs a statement that changes rows. */
export type RunStatement = (sql: string, ...values: SQLInputValue[]) => void;

/** The values of a row in the order of the query's columns. */
export type Values = readonly SQLOutputValue[];

/** Node before 22.16, which editors of 2025 have, gives objects alone. */
type AsArrays = StatementSync & { setReturnArrays?(enabled: boolean): void };

export class Statements {
  readonly #hasArrays = "setReturnArrays" in StatementSync.prototype;
  readonly #database: DatabaseSync;
  readonly #known = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  of(sql: string): StatementSync {
    let statement = this.#known.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#known.set(sql, statement);
    }
    return statement;
  }

  /** All rows as arrays. As objects they take three times as long where there are a hundred thousand of them. */
  arrays(sql: string, ...values: SQLInputValue[]): Values[] {
    const rows = this.#inArrays(sql).all(...values);
    return this.#hasArrays ? (rows as unknown as Values[]) : rows.map(valuesOf);
  }

  /** The same one after another. */
  *each(sql: string, ...values: SQLInputValue[]): Iterable<Values> {
    for (const row of this.#inArrays(sql).iterate(...values))
      yield this.#hasArrays ? (row as unknown as Values) : valuesOf(row);
  }

  #inArrays(sql: string): StatementSync {
    const statement = this.of(sql);
    if (this.#hasArrays) (statement as AsArrays).setReturnArrays?.(true);
    return statement;
  }
}

/** Of columns that differ in their names, in the query's order. */
const valuesOf = (row: Record<string, SQLOutputValue>): Values => Object.values(row);
