/** Statements of an open store, each compiled when it is first asked for. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

/** Runs a statement that changes rows. */
export type RunStatement = (sql: string, ...values: SQLInputValue[]) => void;

export class Statements {
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

  /** Its rows come as arrays from here on: objects take three times as long where there are a hundred thousand of them. */
  inArrays(sql: string): StatementSync {
    const statement = this.of(sql);
    statement.setReturnArrays(true);
    return statement;
  }
}
