import assert from "node:assert/strict";
import test from "node:test";
import type { Delta, GroupRow, RunHeader } from "../../../schemas/rolloutView.ts";
import { indexOfGroup, missingPages, opened, withDelta, withPage } from "./listState.ts";

const row = (step: number): GroupRow => ({
  step,
  phase: "train",
  group: 0,
  revision: step,
  sample: "s",
  query: "",
  marks: "cw",
  reward: 0.5,
  advantage: [-1, 1],
  tools: [],
  goldTools: 0,
  put: null,
  state: "",
});
const header: RunHeader = {
  name: "run",
  state: "running",
  message: null,
  step: 1,
  steps: 2,
  accuracy: { before: null, latest: null },
  hardRows: { before: null, latest: null },
  groups: 5,
  rollouts: 10,
  tools: [],
  parts: [],
  rounds: 0,
};
const list = opened({ list: 3, total: 5, start: 1, rows: [row(4), row(3)], at: null, header });
const delta = (changes: Partial<Delta>): Delta => ({
  kind: "delta",
  list: 3,
  sequence: 1,
  total: 6,
  waiting: 0,
  added: 1,
  splices: [{ at: 0, removed: 0, rows: [row(6)] }],
  ...changes,
});

test("a list begins with the rows that were looked at", () => {
  assert.deepEqual(
    list.rows.map((known) => known?.step),
    [undefined, 4, 3, undefined, undefined],
  );
  assert.deepEqual(missingPages(list, 0, 5, 2), [0, 2, 4]);
  assert.deepEqual(missingPages(list, 1, 3, 2), []);
  assert.equal(indexOfGroup(list, row(3)), 2);
  assert.equal(indexOfGroup(list, row(9)), -1);
});

test("deltas apply in their order, and a missing one is a gap", () => {
  const next = withDelta(list, delta({}));
  assert.ok(typeof next === "object");
  assert.deepEqual(
    next.rows.map((known) => known?.step),
    [6, undefined, 4, 3, undefined, undefined],
  );
  assert.equal(withDelta(next, delta({})), "past", "repeated");
  assert.equal(withDelta(next, delta({ sequence: 3 })), "gap");
  assert.equal(withDelta(next, delta({ list: 4 })), "gap");
  assert.equal(withDelta(next, delta({ list: 2, sequence: 9 })), "past");
  assert.equal(withDelta(list, delta({ total: 9 })), "gap", "the two ends disagree");
});

test("a page is of one moment of a list", () => {
  const page = { list: 3, sequence: 0, start: 3, rows: [row(2), row(1)] };
  assert.equal(withPage(list, page)?.rows[4]?.step, 1);
  assert.equal(withPage(list, { ...page, sequence: 1 }), undefined);
  assert.equal(withPage(list, { ...page, list: 2 }), undefined);
  assert.equal(withPage(list, { ...page, start: 4 }), undefined, "longer than the list");
});
