import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { batchesOf, epochOfStep, turnsOfStep } from "./batches.ts";

const SEED = 5;

test("an epoch has every turn once, in batches that differ by one turn at most and are never larger than asked for", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(2 ** 32 - 1),
      fc.nat(5),
      (turns, size, seed, epoch) => {
        const batches = batchesOf(turns, size);
        const steps = Array.from({ length: batches }, (_, batch) => epoch * batches + batch + 1);
        const drawn = steps.map((step) => turnsOfStep(turns, size, seed, step));
        const sizes = drawn.map(({ length }) => length);
        assert.ok(steps.every((step) => epochOfStep(step, turns, size) === epoch));
        assert.ok(Math.max(...sizes) <= size && Math.max(...sizes) - Math.min(...sizes) <= 1);
        assert.deepEqual(
          drawn.flat().sort((a, b) => a - b),
          Array.from({ length: turns }, (_, index) => index),
        );
      },
    ),
    { seed: SEED },
  );
});

test("the order is another one in another epoch and with another seed, and the same again otherwise", () => {
  const order = (seed: number, first: number) =>
    [1, 2, 3, 4].flatMap((step) => turnsOfStep(40, 10, seed, first + step));
  assert.deepEqual(order(1, 0), order(1, 0));
  assert.notDeepEqual(order(1, 0), order(2, 0));
  assert.notDeepEqual(order(1, 0), order(1, 4));
});
