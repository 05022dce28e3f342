import assert from "node:assert/strict";
import test from "node:test";
import { detectDialect } from "./index.ts";
import { callsOf } from "./model.ts";
import { questions } from "./questions.ts";
import { Ref } from "./ref.ts";
import { results } from "./results.ts";

const call = { name: "add", arguments: { a: 1 } };

test("uses are calls of the question, and no answer", () => {
  const value = { id: "a", query: "?", tools: ["add"], answer: "3", uses: [{ call, score: 9 }, { score: 3 }] };
  const [sample] = questions.read(value, Ref.root).samples;
  assert.ok(sample);
  assert.equal(sample.gold, undefined);
  assert.deepEqual(
    callsOf(sample).map(({ name, argumentsRef }) => [name, argumentsRef.steps()]),
    [["add", ["uses", 0, "call", "arguments"]]],
  );
});

test("a result is a call that nobody asked for", () => {
  const [sample] = results.read({ call, result: null }, Ref.root).samples;
  assert.ok(sample);
  assert.deepEqual(
    callsOf(sample).map(({ nameRef }) => nameRef.steps()),
    [["call", "name"]],
  );
});

test("a sample stays a sample: its answer is a list of calls", () => {
  assert.equal(detectDialect([{ id: "a", query: "?", tools: ["add"], answer: [call] }])?.id, "toolexpander");
  assert.equal(detectDialect([{ id: "a", query: "?", answer: [call] }])?.id, "toolexpander");
});
