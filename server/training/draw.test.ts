import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { epochOrder, rowsOfStep, seedFor } from "./draw.ts";

const options = { seed: 11, numRuns: 200 };
const sizes = fc
  .integer({ min: 1, max: 40 })
  .chain((batch) => fc.tuple(fc.constant(batch), fc.integer({ min: batch, max: 200 })));
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test("an epoch holds every row once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), seeds, fc.nat(50), (count, seed, epoch) => {
      assert.deepEqual(
        [...epochOrder(count, seed, epoch)].sort((a, b) => a - b),
        Array.from({ length: count }, (_, row) => row),
      );
    }),
    options,
  );
});

test("the steps of an epoch share no row, and a step depends on nothing but its arguments", () => {
  fc.assert(
    fc.property(sizes, seeds, fc.nat(5), ([batch, count], seed, epoch) => {
      const perEpoch = Math.floor(count / batch);
      const rows = Array.from({ length: perEpoch }, (_, index) =>
        rowsOfStep(count, batch, seed, epoch * perEpoch + index + 1),
      ).flat();
      assert.equal(rows.length, perEpoch * batch);
      assert.equal(new Set(rows).size, rows.length);
      assert.deepEqual(rowsOfStep(count, batch, seed, epoch * perEpoch + 1), rows.slice(0, batch));
    }),
    options,
  );
});

test("every row comes up in time although each epoch leaves a remainder out", () => {
  const seen = new Set(Array.from({ length: 60 }, (_, index) => rowsOfStep(10, 4, 3, index + 1)).flat());
  assert.equal(seen.size, 10);
});

test("epochs and seeds are shuffled differently", () => {
  assert.notDeepEqual(epochOrder(50, 1, 0), epochOrder(50, 1, 1));
  assert.notDeepEqual(epochOrder(50, 1, 0), epochOrder(50, 2, 0));
});

test("all places are about equally likely", () => {
  const first = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 5000; seed++) {
    const row = epochOrder(10, seed, 0)[0] as number;
    first[row] = (first[row] as number) + 1;
  }
  // Binomial(5000, 0.1) has a standard deviation of 21; seven of them away would be a defect.
  for (const times of first) assert.ok(Math.abs(times - 500) < 150, String(first));
});

test("purposes have seeds of their own", () => {
  const made = ["probe before", "probe after", "order of epoch 0"].flatMap((purpose) => [
    seedFor(1, purpose),
    seedFor(2, purpose),
  ]);
  assert.equal(new Set(made).size, made.length);
});

test("a batch larger than the data is refused", () => {
  assert.throws(() => rowsOfStep(3, 4, 0, 1), RangeError);
});
