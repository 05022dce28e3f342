import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { EVERYTHING, type GroupRow, type ListQuery, type SavedFilter } from "../../../schemas/rolloutView.ts";
import { columnsOf, nextOrder, shownColumns, sortedBy } from "./columns.ts";
import { filtersBeside, isFiltered, rangeOf, savedAs, withFilter } from "./filters.ts";
import { compareParts } from "./promptDifference.ts";
import { leastLikely, shadeOf } from "./shades.ts";
import { spokenRow } from "./words.ts";

const query = (changes: Partial<ListQuery>): ListQuery => ({ ...EVERYTHING, ...changes });

test("a query is a filter where it leaves something out, and not by its order or its kind of rows", () => {
  assert.equal(isFiltered(query({ sort: "sample", rows: "rollouts" })), false);
  assert.equal(isFiltered(query({ steps: [1, 2] })), true);
  assert.equal(filtersBeside(query({ state: "hard", part: { name: "format", side: "below", value: 1 } })), 2);
});

test("a saved filter is known again, and its name can be given to another", () => {
  const filters: SavedFilter[] = [
    { name: "hard", query: query({ state: "hard" }) },
    { name: "zero", query: query({ variance: "zero" }) },
  ];
  assert.equal(savedAs(filters, query({ variance: "zero" }))?.name, "zero");
  assert.equal(savedAs(filters, query({})), undefined);
  const replaced = withFilter(filters, { name: "hard", query: query({ put: "raw" }) });
  assert.deepEqual(
    replaced.map(({ name, query: { put } }) => [name, put]),
    [
      ["hard", "raw"],
      ["zero", "any"],
    ],
  );
});

test("what a person typed is a range, nothing, or a sentence", () => {
  assert.deepEqual(rangeOf("", " ", 9), null);
  assert.deepEqual(rangeOf("3", "", 9), [3, 9]);
  assert.deepEqual(rangeOf("", "4", 9), [0, 4]);
  assert.equal(rangeOf("5", "4", 9), "The first one lies behind the last one.");
  fc.assert(
    fc.property(fc.string(), fc.string(), (first, last) => {
      const found = rangeOf(first, last, 100);
      if (Array.isArray(found))
        assert.ok(found.every((one) => Number.isInteger(one) && one >= 0) && found[0] <= found[1]);
    }),
    { seed: 3 },
  );
});

test("columns stand in one order whatever a person chose first, and completions have more of them", () => {
  assert.deepEqual(shownColumns("groups", ["advantage", "tools", "tokens"]), [
    "step",
    "sample",
    "tools",
    "outcomes",
    "advantage",
  ]);
  assert.deepEqual(shownColumns("rollouts", ["tokens"]), ["step", "sample", "outcomes", "tokens"]);
  assert.ok(columnsOf("rollouts").length > columnsOf("groups").length);
});

test("a click on a head goes through its orders", () => {
  assert.equal(nextOrder("step", "newest"), "oldest");
  assert.equal(nextOrder("step", "oldest"), "newest");
  assert.equal(nextOrder("reward", "newest"), "rewardUp");
  assert.equal(nextOrder("tools", "newest"), undefined);
  assert.deepEqual(
    [sortedBy("step", "newest"), sortedBy("reward", "rewardUp"), sortedBy("reward", "newest")],
    ["descending", "ascending", undefined],
  );
});

test("shades rise as probabilities fall, and the least likely come first", () => {
  assert.deepEqual([0, Math.log(0.6), Math.log(0.3), Math.log(0.1), -20, null].map(shadeOf), [0, 1, 2, 3, 4, 4]);
  const tokens = [
    { text: "a", logprob: -1 },
    { text: "b", logprob: -3 },
    { text: "c", logprob: null },
    { text: "d", logprob: -1 },
  ];
  assert.deepEqual(
    leastLikely(tokens, 3).map(({ text }) => text),
    ["c", "b", "a"],
  );
});

test("prompts are compared part by part", () => {
  const prompt = (text: string) => ({ from: 0, text, total: text.length });
  const left = {
    prompt: prompt("SYSASK"),
    marks: [
      { kind: "system" as const, from: 0, to: 3 },
      { kind: "query" as const, from: 3, to: 6 },
    ],
  };
  const right = {
    prompt: prompt("SYSQQASK!"),
    marks: [
      { kind: "system" as const, from: 0, to: 3 },
      { kind: "question" as const, demonstration: 0, from: 3, to: 5 },
      { kind: "query" as const, from: 5, to: 9 },
    ],
  };
  assert.deepEqual(
    compareParts(left, right).map(({ kind, status, left: one, right: other }) => [kind, status, one, other]),
    [
      ["system", "same", "SYS", "SYS"],
      ["query", "different", "ASK", "ASK!"],
      ["question", "right", undefined, "QQ"],
    ],
  );
  const unmarked = { prompt: prompt("SYSASK"), marks: [] };
  assert.deepEqual(
    compareParts(unmarked, unmarked).map(({ status }) => status),
    ["same"],
  );
});

test("a row is spoken with its sample, its outcome and its state", () => {
  const row: GroupRow = {
    step: 3,
    phase: "train",
    group: 0,
    revision: 1,
    sample: "row-1",
    query: "Ask.",
    marks: "cw",
    reward: 0.5,
    advantage: null,
    tools: [],
    goldTools: 0,
    put: "few-shot",
    state: "hard-few-shots",
  };
  assert.equal(
    spokenRow(row),
    "Sample row-1, 1 of 2 correct, 1 wrong, hard, few shots, with few-shots, step 3, training, Ask.",
  );
  assert.match(spokenRow({ ...row, rollout: 1, marks: "w" }), /^Sample row-1, completion 2, wrong, hard/);
});
