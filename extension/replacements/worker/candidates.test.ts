import assert from "node:assert/strict";
import test from "node:test";
import type { Demonstration, Sample } from "../../../schemas/samples.ts";
import { rankCandidates } from "./candidates.ts";

const call = (name: string, value: unknown = 1) => ({ name, arguments: { value } });
const sample: Sample = {
  id: "s",
  query: "Turn the heating to 22",
  tools: ["heat", "light"],
  answer: [call("heat", 22), call("light", 3)],
};
const entry = (id: string, query: string, ...answer: Demonstration["answer"]): Demonstration => ({ id, query, answer });
const pool = [
  entry("far", "Book a table", call("book")),
  entry("one", "Nothing alike", call("heat")),
  entry("like", "Turn the heating off", call("heat", 0)),
  entry("both", "Warm and bright", call("light"), call("heat")),
  entry("s", "Turn the heating to 22", call("heat", 9)),
  entry("leak", "Turn it", call("light", 3), call("heat", 22)),
  entry("taken", "Turn the heating up", call("heat", 30)),
];

test("shared tools count first, then words; neither the row itself, nor its answer, nor what is shown already", () => {
  const { candidates, total } = rankCandidates(sample, pool, new Set(["Turn the heating up"]), "");
  assert.deepEqual(
    candidates.map(({ id, reason }) => [id, reason]),
    [
      ["both", "Calls light, heat; no words in common"],
      ["like", "Calls heat; 50 % of the words in common"],
      ["one", "Calls heat; no words in common"],
      ["far", "Calls none of the tools; no words in common"],
    ],
  );
  assert.equal(total, 4);
  assert.deepEqual(JSON.parse(candidates[1]?.json ?? ""), { query: "Turn the heating off", calls: [call("heat", 0)] });
});

test("a search looks into questions, tools and ids", () => {
  const found = (search: string) => rankCandidates(sample, pool, new Set(), search).candidates.map(({ id }) => id);
  assert.deepEqual(found(" BOOK "), ["far"]);
  assert.deepEqual(found("nothing"), ["one"]);
  assert.deepEqual(found("taken"), ["taken"]);
  assert.deepEqual(found("zebra"), []);
});

test("a row that needs no tool is helped by those it is offered", () => {
  const none = { ...sample, answer: [] };
  assert.match(rankCandidates(none, pool, new Set(), "one").candidates[0]?.reason ?? "", /^Calls heat/);
});
