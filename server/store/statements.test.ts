/** Rows as arrays, on a Node that gives them and on one that gives objects alone. */
import assert from "node:assert/strict";
import { DatabaseSync, StatementSync } from "node:sqlite";
import test, { type TestContext } from "node:test";
import { Statements } from "./statements.ts";

function opened(t: TestContext): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  t.after(() => database.close());
  database.exec("CREATE TABLE steps (step INTEGER, loss REAL, name TEXT) STRICT");
  database.exec("INSERT INTO steps VALUES (2, 0.5, 'b'), (1, NULL, 'a'), (3, 1.5, NULL)");
  return database;
}

const sql = "SELECT name, step, loss, max(step) OVER () FROM steps WHERE step >= ? ORDER BY step";
const expected = [
  ["a", 1, null, 3],
  ["b", 2, 0.5, 3],
  [null, 3, 1.5, 3],
];

/** A Node before 22.16. */
function withoutArrays(t: TestContext): void {
  const { prototype } = StatementSync;
  const found = Object.getOwnPropertyDescriptor(prototype, "setReturnArrays");
  if (found === undefined) return;
  Reflect.deleteProperty(prototype, "setReturnArrays");
  t.after(() => Object.defineProperty(prototype, "setReturnArrays", found));
}

for (const [node, prepare] of [
  ["this Node", () => {}],
  ["a Node that has objects alone", withoutArrays],
] as const) {
  test(`rows come as arrays in the order of their columns, all at once and one by one, on ${node}`, (t) => {
    prepare(t);
    const statements = new Statements(opened(t));
    assert.deepEqual(statements.arrays(sql, 1), expected);
    assert.deepEqual([...statements.each(sql, 2)], expected.slice(1));
    assert.deepEqual(statements.arrays(sql, 4), []);
  });
}
