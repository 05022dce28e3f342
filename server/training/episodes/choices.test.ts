import assert from "node:assert/strict";
import test from "node:test";
import { sumQuestion } from "../testing/episodeWorkspace.ts";
import { EpisodeTally } from "./choices.ts";
import { Episode } from "./episode.ts";
import type { Action } from "./turn.ts";

const call = (name: string): Action => ({ kind: "call", name, arguments: {} });
const BROKEN: Action = { kind: "broken", fault: "it is none" };

/** An episode of question `index` with these actions. */
function played(index: number, actions: readonly Action[]): Episode {
  const episode = new Episode(sumQuestion(index), index);
  for (const action of actions) episode.turns.push({ thought: "", action, text: "", observation: "seen" });
  episode.overflow();
  return episode;
}

test("choices are counted by tool, marginally and question by question", () => {
  const tally = new EpisodeTally(2);
  const answer: Action = { kind: "answer", text: "?" };
  // Question 1 always adds; question 2 takes two tools alike and is of category "even".
  tally.add(played(1, [call("add")]));
  tally.add(played(1, [call("add")]));
  tally.add(played(2, [call("add"), call("sum_up")]));
  tally.add(played(2, [call("sum_up"), call("add"), BROKEN, call("no_such_tool")]));
  tally.add(played(4, [answer]));
  const { choices, categories, malformed, truncated, accuracy } = tally.outcome();
  assert.ok(choices);
  assert.equal(choices.turns, 9);
  assert.equal(choices.unreadable, 2);
  assert.equal(malformed, 1, "one episode has turns that are no choice");
  assert.equal(truncated, 5);
  const share = Object.fromEntries(choices.tools.map(({ tool, share }) => [String(tool), share]));
  assert.deepEqual(share, { add: 4 / 7, sum_up: 2 / 7, look_up: 0, null: 1 / 7 });
  assert.equal(choices.tools.at(-1)?.tool, null);
  const bits = -[4, 2, 1].reduce((sum, count) => sum + (count / 7) * Math.log2(count / 7), 0);
  assert.ok(Math.abs(choices.entropyBits - bits) < 1e-12);
  assert.ok(Math.abs(choices.entropyBitsPerQuestion - (0 + 1 + 0) / 3) < 1e-12);
  assert.deepEqual(Object.keys(choices.categories), ["even", "other"]);
  assert.equal(choices.categories.other?.entropyBits, 0);
  assert.equal(categories.even?.rows, 3);
  assert.equal(accuracy.rows, 5);
});

test("the interval of several episodes of a question is that of the questions", () => {
  const one = new EpisodeTally(1);
  const many = new EpisodeTally(10);
  for (const index of [1, 2, 3]) {
    one.add(played(index, []));
    for (let episode = 0; episode < 10; episode++) many.add(played(index, []));
  }
  assert.equal(many.outcome().accuracy.rows, 30);
  assert.equal(many.outcome().accuracy.high, one.outcome().accuracy.high);
});

test("episodes without any choice have no entropy", () => {
  const tally = new EpisodeTally(1);
  tally.add(played(1, [BROKEN]));
  const { choices } = tally.outcome();
  assert.equal(choices?.entropyBits, 0);
  assert.equal(choices?.entropyBitsPerQuestion, 0);
  assert.ok(choices?.tools.every(({ share }) => share === 0));
});
