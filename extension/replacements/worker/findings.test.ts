import assert from "node:assert/strict";
import test from "node:test";
import { findingsIn } from "./findings.ts";

const text = `{
  "sample": "a",
  "demonstrations": [{ "query": "one", "calls": [{ "name": "f", "arguments": { "room": 1, "list": ["x"] } }] }]
}`;

function pathsOf(...parts: string[]) {
  const marks = parts.map((part) => {
    const from = text.indexOf(part);
    return { from, to: from + part.length, sentence: part, severity: "error" as const, rule: "r" };
  });
  return findingsIn(text, marks).map(({ path, key }) => [path.join("."), key]);
}

test("what was found in a text is told at the value, or the key, that stands there", () => {
  assert.deepEqual(pathsOf('"a"', "1", '"room"', '"room": 1', '"x"', '{ "room": 1, "list": ["x"] }', '"f"'), [
    ["sample", false],
    ["demonstrations.0.calls.0.arguments.room", false],
    ["demonstrations.0.calls.0.arguments.room", true],
    ["demonstrations.0.calls.0.arguments.room", false],
    ["demonstrations.0.calls.0.arguments.list.0", false],
    ["demonstrations.0.calls.0.arguments", false],
    ["demonstrations.0.calls.0.name", false],
  ]);
});

test("marks of another text, or of no JSON, are told of the whole", () => {
  const mark = { from: 9000, to: 9001, sentence: "s", severity: "warning" as const, rule: "r" };
  for (const other of ["", "nothing", "{}"]) assert.deepEqual(findingsIn(other, [mark])[0]?.path, []);
});
