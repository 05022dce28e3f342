import assert from "node:assert/strict";
import test from "node:test";
import { english } from "../l10n.ts";
import { progressText, resultText } from "./generatingText.ts";

const right = { rows: 8, correct: 6, value: 0.75, low: 0.4093, high: 0.929 };
const done = { file: "/w/sums.trajectories.jsonl", planned: 8, questions: 8, skipped: 0, right, entropyBits: 2.8712 };

test("how far it is, between waves and within one", () => {
  assert.equal(progressText({ stored: 4, questions: 8 }, english), "4 of 8 questions stored");
  assert.match(
    progressText({ stored: 4, questions: 8, wave: { turn: 2, turns: 6, ended: 3 } }, english),
    /4 of 8 .* 3 episodes have ended, turn 2 of 6 at most/,
  );
});

test("a whole file is told with its share of right episodes and its entropy, and what the judge left out", () => {
  assert.equal(
    resultText(done, english),
    "sums.trajectories.jsonl is whole: 8 questions. 75.0 % of the episodes are right (95 % interval 40.9 % to 92.9 %); the entropy of the chosen tools is 2.87 bits.",
  );
  assert.match(resultText({ ...done, skipped: 2 }, english), /2 questions were skipped/);
  const nothing = { ...right, rows: 0, correct: 0 };
  assert.doesNotMatch(resultText({ ...done, right: nothing, skipped: 8 }, english), /are right/);
});

test("one that was stopped can be gone on with, and says so", () => {
  assert.match(
    resultText({ ...done, questions: 4 }, english),
    /has 4 of 8 questions\. They stay, and the same command/,
  );
  for (const nothing of [undefined, { ...done, questions: 0 }])
    assert.match(resultText(nothing, english), /What was stored before stays, and the same command goes on/);
});
