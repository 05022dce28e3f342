import assert from "node:assert/strict";
import test from "node:test";
import type { Sample } from "../../../schemas/samples.ts";
import { parseExactJson } from "../../../server/toolcalls/json.ts";
import { type DrawnRollout, demonstrationOf, editWith, lineFor } from "./promotion.ts";

const calls = [{ name: "heat", arguments: { room: "hall", degrees: 20 } }];
const row = (id: string, degrees = 20): Sample => ({
  id,
  query: `Heat the hall to ${degrees}.`,
  tools: ["heat"],
  answer: [{ name: "heat", arguments: { room: "hall", degrees } }],
});
const drawn = (changes: Partial<DrawnRollout> = {}): DrawnRollout => ({
  sample: "a",
  phase: "train",
  correct: true,
  calls,
  completion: 'First the hall.\n<tool_call>\n{"name": "heat"}\n</tool_call>',
  ...changes,
});

test("a correct rollout is shown with its question, its calls and what was written before them", () => {
  assert.deepEqual(demonstrationOf(drawn(), row("a")), {
    query: "Heat the hall to 20.",
    calls,
    thought: "First the hall.",
  });
  const long = drawn({ completion: `${"x".repeat(3000)}<tool_call>` });
  assert.equal(demonstrationOf(long, row("a")).thought, undefined);
  const none = drawn({ calls: [], completion: "None of the tools can do this." });
  assert.deepEqual(demonstrationOf(none, { ...row("a"), answer: [] }), { query: "Heat the hall to 20.", calls: [] });
});

test("a wrong rollout, a held-out one and one of a sample that is gone are refused", () => {
  assert.throws(() => demonstrationOf(drawn({ correct: false }), row("a")), /not correct/);
  assert.throws(() => demonstrationOf(drawn({ phase: "evaluation" }), row("a")), /Held-out samples stay unseen/);
  assert.throws(() => demonstrationOf(drawn(), undefined), /have no "a"/);
});

test("a line is added behind the last one, with an id that no other has, and never twice", () => {
  const demonstration = demonstrationOf(drawn(), row("a"));
  const first = lineFor("", "a", demonstration);
  assert.equal(first.id, "a-rollout");
  assert.deepEqual(JSON.parse(first.insert), { id: "a-rollout", query: demonstration.query, answer: calls });
  assert.throws(() => lineFor(first.insert, "b", demonstration), /Line 1 of the demonstrations, "a-rollout", has this/);
  const other = { ...demonstration, query: "Another one" };
  const second = lineFor(`not JSON\n${first.insert.trimEnd()}`, "a", other);
  assert.equal(second.id, "a-rollout-2");
  assert.match(second.insert, /^\n\{.*\}\n$/);
});

test("no digit of a number is lost", () => {
  const exact = parseExactJson('[{"name": "heat", "arguments": {"degrees": 12345678901234567890}}]');
  const rollout = drawn({ calls: exact as typeof calls });
  assert.match(lineFor("", "a", demonstrationOf(rollout, row("a"))).insert, /12345678901234567890/);
});

test("an edit takes it as its last demonstration, unless it has it or it tells what the row asks", () => {
  const demonstration = demonstrationOf(drawn(), row("a"));
  const edit = '{\n  "sample": "b",\n  "action": "fewshot",\n  "demonstrations": [{ "query": "q", "calls": [] }]\n}\n';
  const text = editWith(edit, row("b", 21), demonstration);
  assert.deepEqual(JSON.parse(text).demonstrations.at(-1), demonstration);
  assert.throws(() => editWith(text, row("b", 21), demonstration), /already/);
  assert.throws(() => editWith(edit, row("b", 20), demonstration), /the very answer of the sample "b"/);
  assert.throws(() => editWith('{"action": "exclude"}', row("b", 21), demonstration), /shows no demonstrations/);
});
