import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { smoothed } from "./smoothing.ts";

test("without a weight the curve is itself, and a constant stays constant with any", () => {
  assert.deepEqual(smoothed([1, null, 3], 0), [1, null, 3]);
  for (const value of smoothed(new Array(50).fill(0.7), 0.95)) assert.ok(Math.abs((value ?? 0) - 0.7) < 1e-12);
});

test("each value is the weighted mean of those up to it", () => {
  const value = fc.option(fc.double({ min: -5, max: 5, noNaN: true }), { nil: null });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 30 }), fc.double({ min: 0, max: 0.99, noNaN: true }), (values, beta) => {
      for (const [index, found] of smoothed(values, beta).entries()) {
        if (values[index] === null) {
          assert.equal(found, null);
          continue;
        }
        const before = values.slice(0, index + 1).filter((one) => one !== null);
        const weights = before.map((_, place) => beta ** (before.length - 1 - place));
        const total = weights.reduce((sum, one) => sum + one, 0);
        const mean = before.reduce((sum, one, place) => sum + one * (weights[place] as number), 0) / total;
        assert.ok(Math.abs((found ?? Number.NaN) - mean) < 1e-9);
      }
    }),
    { seed: 3 },
  );
});
