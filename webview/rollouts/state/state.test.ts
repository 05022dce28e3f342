import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { EVERYTHING, FIRST_VIEW } from "../../../schemas/rolloutView.ts";
import { nextIndex } from "../../list/keys.ts";
import { decimal, plural, signed } from "../../words/numbers.ts";
import { restore } from "./persisted.ts";
import { describeMarks } from "./words.ts";

test("what the editor kept comes back, and what nobody kept is as at first", () => {
  const key = { step: 3, phase: "train" as const, group: 1 };
  const kept = {
    ...FIRST_VIEW,
    runFolder: "/other",
    title: "t",
    anchor: key,
    selected: key,
    detail: true,
    turn: 4,
  };
  assert.deepEqual(restore([kept, undefined], "/run", "t"), { ...kept, runFolder: "/run" });
  const { tab: _, columns: __, ...older } = { ...kept, query: { text: "needle" } };
  assert.deepEqual(
    restore([older], "/run", "t"),
    { ...kept, runFolder: "/run", query: { ...EVERYTHING, text: "needle" } },
    "an older version knew less of a view",
  );
  const later = { ...kept, turn: 5, detail: false };
  assert.equal(restore([kept, later], "/run", "t").detail, false, "of two, the later one counts");
  assert.equal(restore([later, kept], "/run", "t").detail, false);
  fc.assert(
    fc.property(fc.anything(), (anything) => {
      const state = restore([anything, kept, anything], "/run", "t");
      assert.deepEqual([state.runFolder, state.query.sort.length > 0], ["/run", true]);
    }),
    { seed: 5 },
  );
  assert.deepEqual(restore([{ ...kept, query: { sort: "none" } }], "/run", "t").query, EVERYTHING);
});

test("keys lead through a list and stay inside", () => {
  assert.equal(nextIndex("ArrowDown", 3, 10, 5), 4);
  assert.equal(nextIndex("PageDown", 8, 10, 5), 9);
  assert.equal(nextIndex("PageUp", 3, 10, 5), 0);
  assert.equal(nextIndex("End", -1, 10, 5), 9);
  assert.equal(nextIndex("constructor", 3, 10, 5), undefined);
  assert.equal(nextIndex("Home", -1, 0, 5), undefined);
});

test("numbers have a sign that is as wide as a digit", () => {
  assert.deepEqual([decimal(-0.5), signed(0.5), signed(-1.25), signed(-0.001)], ["−0.50", "+0.50", "−1.25", "0.00"]);
  assert.deepEqual([plural(1, "group"), plural(12345, "group")], ["1 group", "12,345 groups"]);
});

test("marks are told in words", () => {
  assert.equal(describeMarks("cwwt"), "1 of 4 correct, 2 wrong, 1 truncated");
  assert.equal(describeMarks(""), "0 of 0 correct");
});
