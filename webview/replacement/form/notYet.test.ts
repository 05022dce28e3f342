import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { notYet } from "./notYet.ts";

test("any JSON value is in the file, however it is laid out; as arguments, any object", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2, "\t"), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      assert.equal(notYet(text), undefined);
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      assert.equal(notYet(text, { object: true }) === undefined, isObject);
    }),
    { seed: 4, numRuns: 1000 },
  );
});

test("a key that stands twice hides a value, at any depth; text that looks like one does not", () => {
  for (const text of ['{"a": 1, "a": 1}', '[{"b": {"a": 1, "\\u0061": 2}}]']) {
    assert.match(notYet(text)?.sentence ?? "", /a key stands twice/);
  }
  assert.equal(notYet('{"a": "\\"a\\": 1", "b:": [":"]}'), undefined);
  assert.match(notYet("{")?.sentence ?? "", /^Not in the file yet: /);
});
