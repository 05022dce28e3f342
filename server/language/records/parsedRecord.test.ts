import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { isExactNumber, isJsonObject } from "../../toolcalls/json.ts";
import { ParsedRecord } from "./parsedRecord.ts";

test("a record beyond the limits is not parsed", () => {
  const long = ParsedRecord.parse(`{"a":"${"x".repeat(30_000_000)}"}`);
  assert.equal(long.fault?.kind, "too-long");
  const deep = ParsedRecord.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  assert.equal(deep.fault?.kind, "too-deep");
});

test("a fault says where and what", () => {
  const { fault } = ParsedRecord.parse('{"a": [1, 2,]}');
  assert.deepEqual(fault, { kind: "syntax", offset: 12, sentence: "The comma before this ] is one too many." });
});

test("numbers that a double rounds stay as they are written", () => {
  const { value } = ParsedRecord.parse('{"id":9007199254740993,"huge":1e999,"n":1.5,"text":"12345678901234567890"}');
  assert.ok(isJsonObject(value) && isExactNumber(value.id) && isExactNumber(value.huge));
  assert.equal(value.id.rawJSON, "9007199254740993");
  assert.equal(value.huge.rawJSON, "1e999");
  assert.equal(value.n, 1.5);
  assert.equal(value.text, "12345678901234567890");
});

test("duplicate keys are seen and no others, `__proto__` included", () => {
  assert.ok(ParsedRecord.parse('{"a":1,"b":{"c":2,"c":3}}').hasDuplicateKeys);
  assert.ok(ParsedRecord.parse('{"__proto__":1,"__proto__":2}').hasDuplicateKeys);
  assert.ok(
    !ParsedRecord.parse('{"a":"b:c","__proto__":{"x":[{"y":null}]},"n":12345678901234567890}').hasDuplicateKeys,
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const record = ParsedRecord.parse(JSON.stringify(value));
      assert.equal(record.fault, undefined);
      assert.equal(record.hasDuplicateKeys, false);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test("no text makes it throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0eE-+.19tnf \n\ud800') }), (text) => {
      const record = ParsedRecord.parse(text);
      assert.equal(record.fault === undefined, isJson(text));
    }),
    { seed: 8, numRuns: 2000 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
