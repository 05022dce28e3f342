/**
 * Whether two runs are the same to the bit: everything in their stores that is a function of the seed, the weights they
 * ended with, and their last checkpoints. For tests of resuming, with the fake engine and the real one alike.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Tables that hold functions of the seed alone. Events and timings tell of one particular day. */
const TABLES = [
  "prompts",
  "rollouts",
  "steps",
  "step_metrics",
  "evaluations",
  "evaluation_categories",
  "probes",
  "probe_outcomes",
  "sample_states",
  "rounds",
  "few_shots",
  "draws",
  "edits",
  "episodes",
  "turns",
  "lessons",
  "evaluation_choices",
  "evaluation_entropies",
] as const;

/** Rows of a table in an order of their own, blobs as hexadecimal. */
function rowsOf(database: DatabaseSync, table: string): string[] {
  const rows = database.prepare(`SELECT * FROM ${table}`).all();
  const text = (value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value);
  return rows
    .map(({ time: _, ...row }) => JSON.stringify(Object.fromEntries(Object.entries(row).map(([k, v]) => [k, text(v)]))))
    .sort();
}

function storeOf(run: string): Record<string, string[]> {
  const database = new DatabaseSync(join(run, "run.sqlite"), { readOnly: true });
  try {
    return Object.fromEntries(TABLES.map((table) => [table, rowsOf(database, table)]));
  } finally {
    database.close();
  }
}

/** SHA-256 of every file below a folder, by relative name. */
function hashesBelow(folder: string, prefix = ""): Record<string, string> {
  if (!existsSync(folder)) return {};
  const hashes: Record<string, string> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) Object.assign(hashes, hashesBelow(path, `${prefix}${entry.name}/`));
    else hashes[prefix + entry.name] = createHash("sha256").update(readFileSync(path)).digest("hex");
  }
  return hashes;
}

/** Asserts that two finished runs of one experiment are equal; says at which row of which table they part. */
export function assertSameRun(actual: string, expected: string): void {
  const [a, b] = [storeOf(actual), storeOf(expected)];
  for (const table of TABLES) {
    const [rows, wanted] = [a[table] ?? [], b[table] ?? []];
    const at = wanted.findIndex((row, index) => row !== rows[index]);
    assert.equal(at === -1 ? undefined : rows[at], at === -1 ? undefined : wanted[at], `table ${table}, row ${at}`);
    assert.equal(rows.length, wanted.length, `rows of table ${table}`);
  }
  for (const folder of ["model", "checkpoints"]) {
    assert.deepEqual(hashesBelow(join(actual, folder)), hashesBelow(join(expected, folder)), `files of ${folder}`);
  }
}
