import assert from "node:assert/strict";
import test from "node:test";
import { count, describeType, describeValue, either } from "./words.ts";

test("a value's type is the narrowest that JSON Schema has", () => {
  const values = [null, false, 3, 3.0, 3.5, 10n, Number.POSITIVE_INFINITY, "3", [], {}, undefined];
  assert.deepEqual(values.map(describeType), [
    ...[
      "null",
      "boolean",
      "integer",
      "integer",
      "number",
      "integer",
      "number",
      "string",
      "array",
      "object",
      "undefined",
    ],
  ]);
});

test("a value is shown short, and with nothing a terminal would obey", () => {
  assert.equal(describeValue("\u001b[2J\u202e"), 'the string "\\u001b[2J\\u202e"');
  assert.ok(describeValue("x".repeat(1_000_000)).length < 80);
});

test("alternatives are listed, and of many the first", () => {
  assert.equal(either(["a"]), "a");
  assert.equal(either(["a", "b", "c"]), "a, b or c");
  assert.equal(either(["a", "b", "c", "d"], 2), "a, b or 2 more");
});

test("a count has its noun in the right number", () => {
  assert.deepEqual(
    [count(1, "property"), count(2, "property"), count(0, "item"), count(1, "character")],
    ["1 property", "2 properties", "0 items", "1 character"],
  );
});
