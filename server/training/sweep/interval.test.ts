import assert from "node:assert/strict";
import test from "node:test";
import { interval95 } from "./interval.ts";

test("the interval of 1 … 5 is 3 ± 2.776·√(2.5/5)", () => {
  const { mean, low, high } = interval95([1, 2, 3, 4, 5]);
  assert.equal(mean, 3);
  assert.ok(Math.abs(high - mean - 2.776 * Math.sqrt(0.5)) < 1e-12);
  assert.ok(Math.abs(mean - low - (high - mean)) < 1e-12);
});

test("one value has no interval", () => {
  assert.throws(() => interval95([1]), RangeError);
});
