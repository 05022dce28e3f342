import assert from "node:assert/strict";
import test from "node:test";
import type { Delta, GroupRow, RunHeader } from "../../../schemas/rolloutView.ts";
import { missingPages } from "../../list/pages.ts";
import { indexOfRow, type ListState, near, opened, withDelta, withPage } from "./listState.ts";

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
  ofEpisodes: false,
};
const list = opened({ list: 3, total: 5, start: 1, rows: [row(4), row(3)], at: null, header, search: null });
const delta = (changes: Partial<Delta>): Delta => ({
  kind: "delta",
  list: 3,
  sequence: 1,
  total: 7,
  waiting: 0,
  added: 1,
  splices: [{ at: 0, removed: 0, rows: [row(6)], more: 1 }],
  ...changes,
});

/** The step of each row that is known. */
const steps = ({ rows }: ListState) => Array.from({ length: rows.length }, (_, index) => rows.at(index)?.step);

test("a list begins with the rows that were looked at", () => {
  assert.deepEqual(steps(list), [undefined, 4, 3, undefined, undefined]);
  assert.deepEqual(missingPages(list, 0, 5, 2), [0, 2, 4]);
  assert.deepEqual(missingPages(list, 1, 3, 2), []);
  assert.equal(indexOfRow(list, row(3)), 2);
  assert.equal(indexOfRow(list, row(9)), -1);
  assert.equal(indexOfRow(list, { ...row(3), rollout: 1 }), 2, "a completion is found with its group");
});

test("deltas apply in their order, and a missing one is a gap", () => {
  const next = withDelta(list, delta({}));
  assert.ok(typeof next === "object");
  assert.deepEqual(steps(next), [6, undefined, undefined, 4, 3, undefined, undefined]);
  assert.equal(withDelta(next, delta({})), "past", "repeated");
  assert.equal(withDelta(next, delta({ sequence: 3 })), "gap");
  assert.equal(withDelta(next, delta({ list: 4 })), "gap");
  assert.equal(withDelta(next, delta({ list: 2, sequence: 9 })), "past");
  assert.equal(withDelta(list, delta({ total: 9 })), "gap", "the two ends disagree");
});

test("a page is of one moment of a list", () => {
  const page = { list: 3, sequence: 0, start: 3, rows: [row(2), row(1)] };
  assert.equal(withPage(list, page)?.rows.at(4)?.step, 1);
  assert.equal(withPage(list, { ...page, sequence: 1 }), undefined);
  assert.equal(withPage(list, { ...page, list: 2 }), undefined);
  assert.equal(withPage(list, { ...page, start: 4 }), undefined, "longer than the list");
});

test("what is far from where the view looks is forgotten, and what is near stays", () => {
  const long = opened({ list: 1, total: 5000, start: 0, rows: [row(9), row(8)], at: null, header, search: null });
  const both = withPage(long, { list: 1, sequence: 0, start: 4000, rows: [row(2)] });
  assert.ok(both);
  assert.deepEqual(
    [...near(both, 0, 40).rows].map(({ step }) => step),
    [9, 8],
  );
  assert.deepEqual(
    [...near(both, 3500, 3540).rows].map(({ step }) => step),
    [2],
  );
  assert.equal(near(both, 3500, 3540).rows.length, 5000);
});
