import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { bestAssignment } from "./assignment.ts";
import { type PaperCall, toolRlPaperScore } from "./toolrlPaper.ts";

const write = (calls: readonly PaperCall[]): string =>
  `<think> t </think>\n<tool_call>\n${calls.map((call) => JSON.stringify(call)).join("\n")}\n</tool_call>`;
const score = (calls: readonly PaperCall[], gold: readonly PaperCall[]) =>
  toolRlPaperScore(write(calls), write(gold), gold, "qwen");
const f = (a: unknown, b: unknown): PaperCall => ({ name: "f", parameters: { a, b } });

test("the formula of the paper, by hand", () => {
  assert.equal(score([f(1, 2)], [f(1, 2)]).total, 4);
  // r_name 1, r_param 1, r_value 1 of S_max 4.
  assert.equal(score([f(1, 9)], [f(1, 2)]).correctness, (6 * 3) / 4 - 3);
  // 1 is not true here.
  assert.equal(score([f(true, 2)], [f(1, 2)]).correctness, (6 * 3) / 4 - 3);
  // Names are a set: a call too many costs nothing by its name.
  assert.equal(score([f(1, 2), f(1, 2)], [f(1, 2)]).correctness, 3);
  assert.equal(score([], [f(1, 2)]).correctness, -3);
});

test("calls are matched so that the whole is worth most", () => {
  // In gold order the first would take what the second needs.
  assert.equal(score([f(1, 3), f(9, 9)], [f(1, 2), f(1, 3)]).parts.value, 2);
  assert.deepEqual(score([f(1, 3), f(1, 2)], [f(1, 2), f(1, 3)]).parts, { name: 1, param: 2, value: 4 });
});

test("no gold call: right is not to call", () => {
  const gold = "<think> t </think>\n<response> done </response>";
  assert.equal(toolRlPaperScore(gold, gold, [], "qwen").total, 4);
  assert.equal(toolRlPaperScore(write([f(1, 2)]), gold, [], "qwen").total, -3);
});

test("what cannot be read is at the floor, with a reason", () => {
  const gold = [f(1, 2)];
  for (const text of ["{bad", '{"name": 5, "parameters": {}}', '{"name": "f", "parameters": []}']) {
    const completion = `<think> t </think>\n<tool_call>\n${text}\n</tool_call>`;
    const found = toolRlPaperScore(completion, write(gold), gold, "qwen");
    assert.equal(found.correctness, -3);
    assert.ok(found.fault !== undefined);
  }
});

/** All ways to give rows different columns. */
function bestByTrying(worth: readonly (readonly number[])[], row = 0, used = new Set<number>()): number {
  if (row === worth.length) return 0;
  let best = bestByTrying(worth, row + 1, used);
  for (const [column, value] of (worth[row] ?? []).entries()) {
    if (used.has(column)) continue;
    best = Math.max(best, value + bestByTrying(worth, row + 1, new Set([...used, column])));
  }
  return best;
}

test("the best assignment is as good as the best of all", () => {
  const size = fc.integer({ min: 1, max: 5 });
  const matrix = fc.tuple(size, size).chain(([rows, columns]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );
  fc.assert(
    fc.property(matrix, (worth) => {
      const columns = bestAssignment(worth);
      const taken = columns.filter((column) => column !== -1);
      assert.equal(new Set(taken).size, taken.length);
      const total = columns.reduce((sum, column, row) => sum + (worth[row]?.[column] ?? 0), 0);
      assert.equal(total, bestByTrying(worth));
    }),
    { seed: 4, numRuns: 500 },
  );
  assert.deepEqual(bestAssignment([]), []);
  assert.deepEqual(bestAssignment([[], []]), [-1, -1]);
});
