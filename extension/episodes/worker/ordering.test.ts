import assert from "node:assert/strict";
import test from "node:test";
import { type EpisodeQuery, type EpisodeRow, EVERY_EPISODE } from "../../../schemas/episodesView.ts";
import { listed } from "./ordering.ts";

const row = (question: string, changes: Partial<EpisodeRow> = {}): EpisodeRow => ({
  step: 0,
  phase: "stored",
  question,
  episode: 0,
  place: 0,
  query: `What is ${question}?`,
  category: null,
  correct: true,
  end: "answered",
  turns: 2,
  return: 1,
  tools: ["add"],
  trouble: 0,
  nothingViable: 0,
  ...changes,
});

const rows = [
  row("a", { place: 1, category: "x", return: 3 }),
  row("b", { place: 0, correct: false, end: "ran out of steps", turns: 5, tools: [], nothingViable: 1, return: -1 }),
  row("c", { place: 2, correct: null, end: "skipped", return: null, tools: [] }),
  row("a", { step: 50, phase: "played", place: 1, correct: false, return: null, trouble: 2, tools: ["any"] }),
  row("a", { step: 50, phase: "played", place: 1, episode: 1, category: "x", return: null, tools: ["add", "none"] }),
  row("d", { step: 0, phase: "played", place: 4, return: null, turns: 1 }),
];
const spelled = ({ question, phase, step, episode }: EpisodeRow) => `${question}${phase[0]}${step}.${episode}`;
const list = (changes: Partial<EpisodeQuery>) => listed(rows, { ...EVERY_EPISODE, ...changes }).map(spelled);

test("each order is by what it says, and what is equal stands newest first", () => {
  const newest = ["ap50.0", "ap50.1", "dp0.0", "bs0.0", "as0.0", "cs0.0"];
  assert.deepEqual(list({}), newest);
  assert.deepEqual(list({ sort: "oldest" }), ["bs0.0", "as0.0", "cs0.0", "dp0.0", "ap50.0", "ap50.1"]);
  assert.deepEqual(list({ sort: "question" }), ["as0.0", "ap50.0", "ap50.1", "bs0.0", "cs0.0", "dp0.0"]);
  assert.deepEqual(list({ sort: "returnDown" }), ["as0.0", "bs0.0", "ap50.0", "ap50.1", "dp0.0", "cs0.0"]);
  assert.deepEqual(list({ sort: "returnUp" }).slice(0, 2), ["bs0.0", "as0.0"]);
  assert.deepEqual(list({ sort: "turnsDown" })[0], "bs0.0");
  assert.deepEqual(list({ sort: "turnsUp" })[0], "dp0.0");
  assert.deepEqual(list({ sort: "wrongFirst" }).slice(0, 2), ["ap50.0", "bs0.0"]);
  assert.deepEqual(list({ sort: "correctFirst" }).at(-1), "cs0.0", "what is neither stands last");
  assert.deepEqual(list({ sort: "wrongFirst" }).at(-1), "cs0.0");
  assert.deepEqual(list({ sort: "category" }).slice(0, 2), ["ap50.1", "as0.0"]);
});

test("every filter leaves what it asks for", () => {
  assert.deepEqual(list({ correct: "correct" }), ["ap50.1", "dp0.0", "as0.0"]);
  assert.deepEqual(list({ correct: "wrong" }), ["ap50.0", "bs0.0"], "a skipped question is not wrong");
  assert.deepEqual(list({ end: "skipped" }), ["cs0.0"]);
  assert.deepEqual(list({ category: "x" }), ["ap50.1", "as0.0"]);
  assert.deepEqual(list({ from: "stored" }), ["bs0.0", "as0.0", "cs0.0"]);
  assert.deepEqual(list({ from: { step: 0 } }), ["dp0.0"], "step 0 is that of the evaluation, and not of the data set");
  assert.deepEqual(list({ from: "played", correct: "wrong" }), ["ap50.0"]);
  assert.deepEqual(list({ happened: "trouble" }), ["ap50.0"]);
  assert.deepEqual(list({ happened: "nothingViable" }), ["bs0.0"]);
  assert.deepEqual(list({ text: "IS D" }), ["dp0.0"]);
  assert.deepEqual(list({ text: "no such" }), []);
});

test("a tool may be named as the filter's own words are", () => {
  assert.deepEqual(list({ tool: { is: "called", name: "any" } }), ["ap50.0"]);
  assert.deepEqual(list({ tool: { is: "called", name: "none" } }), ["ap50.1"]);
  assert.deepEqual(list({ tool: { is: "none" } }), ["bs0.0", "cs0.0"]);
});
