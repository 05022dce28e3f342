import assert from "node:assert/strict";
import test from "node:test";
import { english } from "../l10n.ts";
import type { HardSample, HardState, SampleEvent } from "../training/messages.ts";
import { historyLines, lineText, spokenText, stateSentence, stateText, toolLine, toolText } from "./hardText.ts";

const states: HardState[] = ["hard", "few-shots", "no-candidates", "unverified", "retired", "edited", "excluded"];

const sample = (changes: Partial<HardSample> = {}): HardSample => ({
  sample: "row-1",
  query: "What is the weather?",
  state: "few-shots",
  hard: true,
  probes: 4,
  failed: 3,
  ...changes,
});

test("every state has words and a sentence of its own", () => {
  for (const words of [stateText, stateSentence]) {
    assert.equal(new Set(states.map((state) => words(state, english))).size, states.length);
  }
});

test("a sample in one line: how often it failed, what stands in its place, what is asked", () => {
  assert.equal(lineText(sample(), english), "failed 3/4 · few-shots · What is the weather?");
  assert.equal(lineText(sample({ state: "hard", probes: 0, failed: 0, query: "" }), english), "hard");
  assert.equal(new Set(states.map((state) => lineText(sample({ state }), english))).size, states.length);
  assert.equal(
    spokenText(sample({ sample: "row\u001b[2J" }), english).includes("\u001b"),
    false,
    "an id is a stranger's text",
  );
});

test("a tool tells how many of its samples are hard now", () => {
  const tool = { tool: "get_weather", hard: 2, samples: [sample(), sample()], more: 0 };
  assert.equal(toolLine(tool, english), "2 hard");
  assert.equal(toolLine({ ...tool, more: 7 }, english), "2 hard of 9");
  assert.equal(toolText({ ...tool, tool: null }, undefined, english), "No tool to call");
  assert.equal(toolText({ ...tool, tool: null }, "The file is gone.", english), "Tools not known");
});

test("a history has a line for each event", () => {
  const events: SampleEvent[] = [
    { what: "probe", step: 0, rollouts: 10, correct: 0 },
    { what: "few-shots", step: 0, round: 1, choices: 2, chosen: true, rollouts: 4, correct: 3 },
    { what: "drawn", step: 3, version: "few-shot", times: 2 },
    { what: "edit", step: 5, action: "refused", reason: "It calls no tool." },
    { what: "probe", step: 8, rollouts: 10, correct: 6 },
    { what: "retired", step: 8 },
  ];
  assert.deepEqual(historyLines(events, english), [
    "Before training: probe failed, 0 of 10 correct",
    "Before training: few-shots chosen for round 1, 3 of 4 correct with them",
    "Step 3: drawn 2 × with few-shots",
    "Step 5: edit refused: It calls no tool.",
    "Step 8: probe solved, 6 of 10 correct",
    "Step 8: solved without help, retired",
  ]);
  const many = historyLines(new Array<SampleEvent>(100).fill({ what: "retired", step: 1 }), english);
  assert.match(many[0] ?? "", new RegExp(`^${100 - (many.length - 1)} earlier events$`));
});
