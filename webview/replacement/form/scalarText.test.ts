import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { readScalar, shownScalar } from "./scalarText.ts";

const scalar = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
  fc.jsonValue({ maxDepth: 0 }).map((value) => JSON.stringify(value)),
  fc.bigInt().map(String),
  // Text that reads as another value.
  fc
    .oneof(fc.double(), fc.constantFrom("true", "null", '"a"', " 1", "1 ", "", "-0", "1e999", "{}", "[1]"))
    .map((text) => JSON.stringify(String(text))),
);

test("what a field shows of a value reads as that value again, digit by digit", () => {
  fc.assert(
    fc.property(scalar, (json) => assert.equal(readScalar(shownScalar(json)), json)),
    { seed: 3, numRuns: 5000 },
  );
});

test("numbers, and text that is none, are both taken as they are typed", () => {
  assert.deepEqual(["12345678901234567890", " 4 ", "1e3", "warm", "007", "", "-"].map(readScalar), [
    "12345678901234567890",
    "4",
    "1e3",
    '"warm"',
    '"007"',
    '""',
    '"-"',
  ]);
  assert.deepEqual(['"20"', "20", '"warm"', "true"].map(shownScalar), ['"20"', "20", "warm", "true"]);
});
