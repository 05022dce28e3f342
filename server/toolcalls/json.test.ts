import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
  type ExactNumber,
  isExactNumber,
  MAX_DEPTH,
  nestsDeeperThan,
  parseExactJson,
  parseJson,
  sameNumber,
} from "./json.ts";

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const number = (source: string): number | ExactNumber => parseExactJson(source) as number | ExactNumber;

test("reads what JSON.parse reads, and writes it back the same", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      assert.deepEqual(parseJson(text), JSON.parse(text));
      assert.equal(JSON.stringify(parseExactJson(text)), JSON.stringify(JSON.parse(text)));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("keeps the digits of integers that a double would round", () => {
  const value = parseExactJson('{"id": 12345678901234567890, "list": [9007199254740993], "small": 9007199254740991}');
  assert.equal(JSON.stringify(value), '{"id":12345678901234567890,"list":[9007199254740993],"small":9007199254740991}');
  assert.ok(isExactNumber((value as { id: unknown }).id));
  assert.equal((value as { small: unknown }).small, 9007199254740991);
  assert.equal((parseJson('{"id": 9007199254740993}') as { id: number }).id, 9007199254740992);
});

test("keeps every integer exactly, however large", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (integer) => {
      assert.equal(JSON.stringify(parseExactJson(`[${integer}]`)), `[${integer}]`);
    }),
    { seed: 2, numRuns: 300 },
  );
});

test("compares numbers by value, not by spelling", () => {
  for (const [left, right] of [
    ["1", "1.0"],
    ["1e2", "100"],
    ["0", "-0"],
    ["1e20", "100000000000000000000"],
    ["1.50e21", "1500000000000000000000.000"],
    ["-12e19", "-120000000000000000000"],
    ["1e400", "10e399"],
  ] as const) {
    assert.ok(sameNumber(number(left), number(right)), `${left} and ${right}`);
  }
  for (const [left, right] of [
    ["9007199254740992", "9007199254740993"],
    ["12345678901234567890", "12345678901234567891"],
    ["1e400", "1e401"],
    ["1e20", "-1e20"],
    ["12345678901234567890.5", "12345678901234567890"],
    ["1", "2"],
    ["1e9999999999999999999", "1e9999999999999999998"],
  ] as const) {
    assert.ok(!sameNumber(number(left), number(right)), `${left} and ${right}`);
  }
});

test("a number that was rounded before is compared as a double", () => {
  assert.ok(sameNumber(Number("12345678901234567890"), number("12345678901234567890")));
  assert.ok(!sameNumber(1, number("12345678901234567890")));
});

test("a forged exact number is an ordinary object", () => {
  assert.ok(!isExactNumber(parseExactJson('{"rawJSON": "1"}')));
});

test("special keys stay data", () => {
  const value = parseExactJson('{"__proto__": {"admin": true}, "constructor": 12345678901234567890}') as object;
  assert.ok(Object.hasOwn(value, "__proto__"));
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal((value as { admin?: unknown }).admin, undefined);
});

test("bounds nesting and ignores brackets inside strings", () => {
  assert.ok(!nestsDeeperThan(nested(MAX_DEPTH), MAX_DEPTH));
  assert.ok(nestsDeeperThan(nested(MAX_DEPTH + 1), MAX_DEPTH));
  assert.ok(!nestsDeeperThan(`["${"[".repeat(1000)}\\"${"{".repeat(1000)}"]`, 1));
  assert.throws(() => parseJson(nested(1_000_000)), /nested deeper/);
  assert.throws(() => parseExactJson(`${nested(1_000_000)}1e5`), /nested deeper/);
});
