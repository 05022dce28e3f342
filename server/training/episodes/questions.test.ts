import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { faultOf, folderWith } from "../../toolcalls/testing/files.ts";
import { EPISODE_TOOLS, linesOf, sumQuestion } from "../testing/episodeWorkspace.ts";
import { loadQuestions } from "./questions.ts";

const tools = new Map(EPISODE_TOOLS.map((tool) => [tool.function.name, tool]));

test("questions are read as they are written", (t) => {
  const questions = [sumQuestion(0), { ...sumQuestion(1), accept: ["eight"] }];
  const folder = folderWith(t, { "q.jsonl": linesOf(questions) });
  assert.deepEqual(loadQuestions(join(folder, "q.jsonl"), tools), questions);
});

const first = sumQuestion(0);
for (const [changes, fault] of [
  [{ answer: undefined }, /^q\.jsonl:2:1: The key "answer" is missing/],
  [{ answer: " " }, /\(answer\): This must be a text that is not empty/],
  [{ id: "sum 0" }, /\(id\): The id "sum 0" is already used on line 1/],
  [{ tools: ["ad"] }, /\(tools\[0\]\): No catalog defines the tool "ad"; did you mean "add"/],
  [{ tools: ["add", "add", "sum_up"] }, /\(tools\[1\]\): .*offered twice/],
  [
    { uses: [{ call: { name: "look_up", arguments: { word: "x" } } }] },
    /\(uses\[0\]\.call\.name\): The tool "look_up" is not among those that the question offers/,
  ],
  [
    { uses: [{ call: { name: "add", arguments: { a: 1, b: "2" } } }] },
    /\(uses\[0\]\.call\.arguments\.b\): The argument "b" of "add" is "2"/,
  ],
  [{ uses: [{ call: { name: "add", arguments: { a: 1, b: 2 } }, score: 11 }] }, /score\): This must be 10 or less/],
  [
    { results: [{ call: { name: "look_up", arguments: {} }, result: 1 }] },
    /\(results\[0\]\.call\.name\): The tool "look_up" is not among/,
  ],
  [{ answr: "1" }, /"answr" is not a known key/],
] as const) {
  test(`a fault is one sentence: ${fault.source.slice(0, 50)}`, (t) => {
    const folder = folderWith(t, { "q.jsonl": linesOf([first, { ...sumQuestion(3), ...changes }]) });
    assert.match(
      faultOf(folder, () => loadQuestions(join(folder, "q.jsonl"), tools)),
      fault,
    );
  });
}

test("a file without questions is told", (t) => {
  const folder = folderWith(t, { "q.jsonl": "\n" });
  assert.match(
    faultOf(folder, () => loadQuestions(join(folder, "q.jsonl"), tools)),
    /holds no questions/,
  );
});
