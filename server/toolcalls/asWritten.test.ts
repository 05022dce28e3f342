import assert from "node:assert/strict";
import test from "node:test";
import { asWritten } from "./asWritten.ts";
import { jsonOf } from "./documents.ts";
import { isJsonObject } from "./json.ts";
import { WholeFloat } from "./python/value.ts";

const parsed = (text: string): Record<string, unknown> => {
  const { value } = jsonOf(text, "a.json", { exactNumbers: true });
  assert.ok(isJsonObject(value));
  return value;
};

test("floats without a fraction and the order of keys are remembered, inside and outside", () => {
  const value = parsed('{"b": {"10": 1.0, "2": [1, 1e2]}, "a": 1}');
  assert.deepEqual([...(asWritten(value) as Map<string, unknown>).keys()], ["b", "a"]);
  const inner = new Map<string, unknown>([
    ["10", new WholeFloat(1)],
    ["2", [1, new WholeFloat(100)]],
  ]);
  assert.deepEqual(asWritten(value.b as object), inner);
  assert.deepEqual([...(asWritten(value.b as object) as Map<string, unknown>).keys()], ["10", "2"]);
});

test("nothing is remembered where nothing is lost, and where Python would write what is not JSON", () => {
  assert.equal(asWritten(parsed('{"a": [1, 1.5, "x"]}')), undefined);
  const value = parsed('{"a": {"x": 1e400}, "b": {"y": 2.0}}');
  assert.equal(asWritten(value), undefined);
  assert.equal(asWritten(value.a as object), undefined);
  assert.deepEqual(asWritten(value.b as object), new Map([["y", new WholeFloat(2)]]));
});
