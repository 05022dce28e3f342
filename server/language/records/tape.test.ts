import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Tape } from "./tape.ts";

/** Any JSON value, with keys that JavaScript treats in a way of its own. */
const json = fc.jsonValue({ maxDepth: 5 });
const indent = fc.constantFrom("", " ", "\t", "\r\n");

/** The value of an index, rebuilt from the tape alone. */
function rebuild(tape: Tape, index: number): unknown {
  const text = tape.text.slice(tape.start(index), tape.end(index));
  if (text.startsWith("[")) return [...tape.children(index)].map((child) => rebuild(tape, child));
  if (!text.startsWith("{")) return JSON.parse(text);
  return Object.fromEntries([...tape.children(index)].map((child) => [tape.keyText(child), rebuild(tape, child)]));
}

test("every value has the offsets it was written at", () => {
  fc.assert(
    fc.property(json, indent, (value, space) => {
      const text = JSON.stringify(value, undefined, space);
      assert.deepEqual(rebuild(new Tape(text), 0), JSON.parse(text));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("members are found by key, of duplicates the last, as parsers do", () => {
  const tape = new Tape('{"a":1,"__proto__":{"x":2},"a":3,"q\\"\\u0061":4}');
  const textOf = (index: number): string => tape.text.slice(tape.start(index), tape.end(index));
  assert.equal(textOf(tape.child(0, "a")), "3");
  assert.equal(textOf(tape.child(tape.child(0, "__proto__"), "x")), "2");
  assert.equal(textOf(tape.child(0, 'q"a')), "4");
  assert.equal(tape.child(0, "b"), -1);
  assert.deepEqual(
    tape.duplicateKeys().map(({ index, first }) => [textOf(index), textOf(first)]),
    [["3", "1"]],
  );
});

test("any text ends, also one that is no JSON and one nested a hundred thousand levels", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\a1 \n') }), (text) => {
      const tape = new Tape(text);
      for (const child of tape.root === -1 ? [] : tape.children(0)) assert.ok(tape.end(child) <= text.length);
      tape.duplicateKeys();
    }),
    { seed: 2, numRuns: 1000 },
  );
  assert.equal(new Tape("[".repeat(100_000)).root, 0);
});
