import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { explainedVariance, valueMetrics } from "./valueMetrics.ts";

test("values that foretell returns explain all, a constant nothing, and wrong ones less than that", () => {
  assert.equal(explainedVariance([1, 2, 4], [1, 2, 4]), 1);
  assert.equal(explainedVariance([3, 3, 3], [1, 2, 4]), 0);
  // Var(R) = 2/3, and of the errors [−2, 0, 2] 8/3.
  assert.equal(explainedVariance([3, 2, 1], [1, 2, 3]), -3);
  // An error that is always the same is no variance.
  assert.equal(explainedVariance([11, 12, 14], [1, 2, 4]), 1);
});

test("of returns that do not vary there is nothing to explain", () => {
  assert.equal(explainedVariance([1, 2], [0.1, 0.1]), null);
  assert.equal(explainedVariance([0.3, 0.2, 0.1], [0.1, 0.1, 0.1]), null);
  assert.equal(explainedVariance([1], [2]), null);
  assert.equal(explainedVariance([], []), null);
  assert.throws(() => explainedVariance([1], [1, 2]), /1 values but 2 returns/);
});

test("a line through the returns explains r² of them at most", () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), { minLength: 3 });
  fc.assert(
    fc.property(pairs, (all) => {
      const [x, y] = [all.map(([a]) => a), all.map(([, b]) => b)];
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const product = (a: number[], b: number[]) =>
        mean(a.map((value, i) => value * (b[i] as number))) - mean(a) * mean(b);
      const [xx, yy, xy] = [product(x, x), product(y, y), product(x, y)];
      if (xx < 1e-9 || yy < 1e-9) return;
      const fitted = x.map((value) => (xy / xx) * value);
      assert.ok(Math.abs((explainedVariance(fitted, y) ?? 0) - xy ** 2 / (xx * yy)) < 1e-9);
    }),
    { seed: 321 },
  );
});

test("metrics count the tokens at which a value was learnt, and those that the clip held", () => {
  const learnt = {
    values: [1, 100, 2.5, 4],
    old: [1, 0, 2, 4.1],
    targets: [1, -50, 2, 3],
    weights: [0.5, 0, 0.5, 0.5],
  };
  const errors = explainedVariance([1, 2.5, 4], [1, 2, 3]);
  assert.deepEqual(valueMetrics([learnt], 0.2), { explainedVariance: errors, valueClipped: 1 / 3 });
  assert.deepEqual(valueMetrics([learnt]), { explainedVariance: errors, valueClipped: 0 });
  assert.deepEqual(valueMetrics([learnt, learnt], 0.05), { explainedVariance: errors, valueClipped: 2 / 3 });
  assert.deepEqual(valueMetrics([]), { explainedVariance: null, valueClipped: 0 });
});
