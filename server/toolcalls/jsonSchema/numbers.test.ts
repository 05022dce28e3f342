import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { parseExactJson } from "../json.ts";
import { canonicalNumber, compareNumbers, isInteger, isJsonNumber, isMultiple, type JsonNumber } from "./numbers.ts";

function number(text: string): JsonNumber {
  const value = parseExactJson(text);
  assert.ok(isJsonNumber(value));
  return value;
}

test("numbers are compared as decimals", () => {
  const rising = [
    "-1e400",
    "-9007199254740993",
    "-1.5",
    "0",
    "1e-7",
    "1",
    "9007199254740993",
    "9007199254740994",
    "1e400",
  ];
  for (const [left, a] of rising.entries())
    for (const [right, b] of rising.entries())
      assert.equal(Math.sign(compareNumbers(number(a), number(b))), Math.sign(left - right), `${a} and ${b}`);
});

test("any two integers compare as bigints do, however they are held", () => {
  const integer = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });
  fc.assert(
    fc.property(integer, integer, (left, right) => {
      const expected = left < right ? -1 : left > right ? 1 : 0;
      assert.equal(Math.sign(compareNumbers(number(`${left}`), right)), expected);
      assert.equal(canonicalNumber(number(`${left}`)) === canonicalNumber(right), expected === 0);
    }),
    { seed: 11, numRuns: 500 },
  );
});

test("multiples of decimals are those of the integers they scale", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 1_000 }), (value, divisor) => {
      assert.equal(isMultiple(Number(`${value}e-4`), Number(`${divisor}e-4`)), value % divisor === 0);
    }),
    { seed: 12, numRuns: 500 },
  );
});

test("multiples are found at any distance of exponents", () => {
  assert.equal(isMultiple(number("1e400"), 0.5), true);
  assert.equal(isMultiple(number("1e400"), 3), false);
  assert.equal(isMultiple(1e-300, number("1e400")), false);
  assert.equal(isMultiple(number("1e99999999"), 7), false);
  assert.equal(isMultiple(0, number("1e400")), true);
  assert.equal(isMultiple(1500, number("1e2")), true);
  assert.equal(isMultiple(number("12300000000000000000000"), number("1.23e20")), true);
});

test("one number has one text", () => {
  assert.deepEqual(new Set(["1", "1.0", "10e-1", "0.1e1"].map((text) => canonicalNumber(number(text)))).size, 1);
  assert.equal(canonicalNumber(-0), canonicalNumber(0));
  assert.equal(canonicalNumber(1e21), canonicalNumber(10n ** 21n));
});

test("an integer is a number without fraction", () => {
  for (const text of ["3.0", "1e400", "12345678901234567890.0"]) assert.ok(isInteger(number(text)), text);
  for (const text of ["3.5", "12345678901234567890.5"]) assert.ok(!isInteger(number(text)), text);
});

test("literals of a size that no one means are compared as doubles, at once", () => {
  const long = number(`1${"0".repeat(1_000_000)}`);
  assert.equal(Math.sign(compareNumbers(long, 5)), 1);
  assert.equal(isMultiple(long, 5), false);
  assert.equal(Math.sign(compareNumbers(number("1e999999999999999"), number("1e5"))), 1);
});
