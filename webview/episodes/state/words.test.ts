import assert from "node:assert/strict";
import test from "node:test";
import type { EpisodeRow, ShownCandidate, ShownChoice } from "../../../schemas/episodesView.ts";
import {
  actionLine,
  markOf,
  originOf,
  originOptions,
  originValue,
  outcomeText,
  ruleSentence,
  sortOptions,
  spokenRow,
} from "./words.ts";

const candidate = (score: number, viable: boolean): ShownCandidate => ({
  tool: "add",
  score,
  viable,
  action: { kind: "broken", fault: "torn" },
  written: { from: 0, text: "", total: 0 },
});

const choice = (by: string, ...viable: boolean[]): ShownChoice => ({
  by,
  score: 9,
  candidates: viable.map((one) => candidate(one ? 9 : 1, one)),
  chosen: 0,
});

test("which rule chose among what is one sentence", () => {
  assert.match(
    ruleSentence(choice("least-used", true, true, false), 6),
    /^Of 2 viable actions \(score above 6\) among 3, the one whose tool .* least so far \(least-used\)\.$/,
  );
  assert.match(
    ruleSentence(choice("least-used", true, false), 6),
    /^The one viable action \(score above 6\) among 2\.$/,
  );
  assert.match(ruleSentence(choice("lowest-viable", true, true), 6), /the lowest score \(lowest-viable\)/);
  assert.match(
    ruleSentence(choice("best", false, false), 6),
    /^Nothing scored above the threshold of 6, so the best of nothing viable was taken/,
  );
  assert.match(ruleSentence({ by: "best", score: 3, candidates: null, chosen: null }, null), /above the threshold, so/);
  assert.match(
    ruleSentence({ by: "least-used", score: 9, candidates: null, chosen: null }, null),
    /^Of the viable actions, /,
  );
  assert.match(
    ruleSentence({ by: "\u001b[2J", score: 9, candidates: null, chosen: null }, null),
    /the rule ␛\[2J takes/,
  );
});

test("an action is one line, whatever is in it", () => {
  const values = [{ name: "to\u202e", value: '{\n  "a": 1\n}' }];
  assert.equal(actionLine({ kind: "call", name: "add", arguments: values, more: 2 }), 'add(to‹202e›: { "a": 1 }, …)');
  assert.equal(actionLine({ kind: "call", name: "now", arguments: [], more: 0 }), "now()");
  assert.equal(actionLine({ kind: "answer", text: { from: 0, text: "7\nof them", total: 9 } }), "answer: 7 of them");
  assert.equal(actionLine({ kind: "broken", fault: "torn" }), "cannot be read: torn");
});

const row: EpisodeRow = {
  step: 50,
  phase: "played",
  question: "q1",
  episode: 1,
  place: 3,
  query: "How many?",
  category: "sums",
  correct: false,
  end: "ran out of steps",
  turns: 1,
  return: null,
  tools: ["add", "search"],
  trouble: 0,
  nothingViable: 0,
};

test("an episode that never came to an answer is told from a wrong one, by its shape too", () => {
  assert.deepEqual([markOf(row), outcomeText(row)], ["t", "ran out of steps"]);
  assert.deepEqual(
    [markOf({ correct: false, end: "answered" }), outcomeText({ correct: false, end: "answered" })],
    ["w", "wrong"],
  );
  assert.deepEqual(
    [markOf({ correct: null, end: "skipped" }), outcomeText({ correct: null, end: "skipped" })],
    ["m", "skipped"],
  );
  assert.equal(markOf({ correct: true, end: "answered" }), "c");
  assert.equal(
    spokenRow(row),
    "How many?, ran out of steps, 1 turn, tools add, search, category sums, played at step 50, q1",
  );
  assert.match(spokenRow({ ...row, tools: [], return: -1 }), /1 turn, return −1\.00, no tool called/);
});

test("where episodes are from is a field that offers what there is", () => {
  const values = originOptions({ stored: true, played: [0, 50] }).map(({ value }) => value);
  assert.deepEqual(values, ["any", "stored", "played", "0", "50"]);
  for (const value of values) assert.equal(originValue(originOf(value)), value);
  assert.deepEqual(originOf("50"), { step: 50 });
});

test("a file has one order of its own", () => {
  assert.equal(sortOptions(true).filter(({ text }) => text === "As in the file").length, 1);
  assert.ok(!sortOptions(true).some(({ value }) => value === "oldest"));
  assert.equal(sortOptions(false).length, sortOptions(true).length + 1);
});
