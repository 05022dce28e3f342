import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { PythonError } from "./error.ts";
import { loads, sameDump } from "./json.ts";
import { equals, type PythonValue, typeOf, WholeFloat } from "./value.ts";

function errorOf(text: string): string {
  try {
    loads(text);
  } catch (error) {
    assert.ok(error instanceof PythonError);
    return error.message;
  }
  assert.fail(`${text} was read`);
}

test("Numbers keep whether they are an int or a float, and ints every digit", () => {
  const types = (text: string): string[] => (loads(text) as PythonValue[]).map(typeOf);
  assert.deepEqual(types("[1, 1.0, 1e0, -0, -0.0, 1.5, NaN, -Infinity, 9007199254740993]"), [
    "int",
    "float",
    "float",
    "int",
    "float",
    "float",
    "float",
    "float",
    "int",
  ]);
  assert.equal(loads("9007199254740993"), 9007199254740993n);
  assert.equal(loads("-12345678901234567890123"), -12345678901234567890123n);
  assert.ok(Object.is(loads("-0"), 0));
  assert.deepEqual(loads("1e400"), Number.POSITIVE_INFINITY);
  assert.deepEqual(loads("1e3"), new WholeFloat(1000));
});

test("The last of equal keys counts and stands where the first stood", () => {
  assert.deepEqual(
    [...(loads('{"b": 1, "a": 2, "b": 3}') as Map<string, number>)],
    [
      ["b", 3],
      ["a", 2],
    ],
  );
  assert.deepEqual([...(loads('{"__proto__": 1}') as Map<string, number>)], [["__proto__", 1]]);
});

test("Errors are Python's, with places in characters", () => {
  assert.equal(errorOf(""), "JSONDecodeError: Expecting value: line 1 column 1 (char 0)");
  assert.equal(
    errorOf('{"a": 1,}'),
    "JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 9 (char 8)",
  );
  assert.equal(errorOf('["😀",\n x]'), "JSONDecodeError: Expecting value: line 2 column 2 (char 7)");
  assert.equal(errorOf("[1] 2"), "JSONDecodeError: Extra data: line 1 column 5 (char 4)");
  assert.equal(errorOf("[1 2]"), "JSONDecodeError: Expecting ',' delimiter: line 1 column 4 (char 3)");
  assert.equal(errorOf('{"a" 1}'), "JSONDecodeError: Expecting ':' delimiter: line 1 column 6 (char 5)");
  assert.equal(errorOf('"a'), "JSONDecodeError: Unterminated string starting at: line 1 column 1 (char 0)");
  assert.equal(errorOf('"a\tb"'), "JSONDecodeError: Invalid control character at: line 1 column 3 (char 2)");
  assert.equal(errorOf('"\\x"'), "JSONDecodeError: Invalid \\escape: line 1 column 2 (char 1)");
  assert.equal(errorOf('"\\u12"'), "JSONDecodeError: Invalid \\uXXXX escape: line 1 column 3 (char 2)");
  assert.equal(
    errorOf("\ufeff1"),
    "JSONDecodeError: Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)",
  );
  assert.match(errorOf("9".repeat(4301)), /^ValueError: Exceeds the limit \(4300 digits\)/);
  assert.match(errorOf("[".repeat(100_000)), /^RecursionError/);
});

test("JSON of JavaScript's is read alike", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value);
      assert.ok(sameDump(loads(text), loads(` ${text}\n`)));
      assert.ok(sameAsParsed(loads(text), JSON.parse(text)));
    }),
    { seed: 3, numRuns: 500 },
  );
});

function sameAsParsed(ours: PythonValue, theirs: unknown): boolean {
  if (ours instanceof Map) {
    const entries = Object.entries(theirs as object);
    return entries.length === ours.size && entries.every(([key, value]) => sameAsParsed(ours.get(key) ?? null, value));
  }
  if (Array.isArray(ours))
    return Array.isArray(theirs) && ours.every((item, index) => sameAsParsed(item, theirs[index]));
  if (ours instanceof WholeFloat) return ours.value === theirs || (ours.value === 0 && theirs === 0);
  return typeof ours === "bigint" ? Number(ours) === theirs : ours === theirs;
}

test("`==` and the text of json.dumps part where Python's do", () => {
  const both = (left: string, right: string): [boolean, boolean] => [
    equals(loads(left), loads(right)),
    sameDump(loads(left), loads(right)),
  ];
  assert.deepEqual(both("1", "1.0"), [true, false]);
  assert.deepEqual(both("true", "1"), [true, false]);
  assert.deepEqual(both("0.0", "-0.0"), [true, false]);
  assert.deepEqual(both("0", "-0"), [true, true]);
  assert.deepEqual(both("1e2", "100.0"), [true, true]);
  assert.deepEqual(both("9007199254740993", "9007199254740992.0"), [false, false]);
  assert.deepEqual(both("NaN", "NaN"), [false, true]);
  assert.deepEqual(both("[NaN]", "[NaN]"), [true, true]);
  assert.deepEqual(both('{"a": 1, "b": [true]}', '{"b": [1], "a": 1}'), [true, false]);
  assert.deepEqual(both('"1"', "1"), [false, false]);
  assert.deepEqual(both("[1, 2]", "[2, 1]"), [false, false]);
});
