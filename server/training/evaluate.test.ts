import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { evaluate } from "./evaluate.ts";
import { accuracyOf } from "./statistics.ts";
import { memoryRun } from "./testing/harness.ts";

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 5e-5, `${actual} is not ${expected}`);

test("the Wilson interval has its published values", () => {
  // Brown, Cai and DasGupta 2001 and R's prop.test(correct = FALSE) give these.
  const eight = accuracyOf(8, 10);
  close(eight.low, 0.4902);
  close(eight.high, 0.9433);
  const none = accuracyOf(0, 20);
  close(none.high, 0.1611);
  assert.equal(none.low, 0);
  const half = accuracyOf(50, 100);
  close(half.low, 0.4038);
  close(half.high, 0.5962);
});

test("the interval holds the proportion, lies within 0 and 1, and mirrors", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }).chain((rows) => fc.tuple(fc.integer({ min: 0, max: rows }), fc.constant(rows))),
      ([correct, rows]) => {
        const { low, value, high } = accuracyOf(correct, rows);
        assert.ok(0 <= low && low <= value && value <= high && high <= 1);
        assert.ok(Math.abs(1 - accuracyOf(rows - correct, rows).high - low) < 1e-12);
      },
    ),
    { seed: 5, numRuns: 300 },
  );
});

test("no rows, no knowledge", () => {
  assert.deepEqual(accuracyOf(0, 0), { rows: 0, correct: 0, value: 0, low: 0, high: 1 });
});

test("an evaluation is greedy, counts by category, and asks fewer rows in between", async (t) => {
  const run = await memoryRun(t);
  await evaluate(run, "before");
  await evaluate(run, "between");
  const [before, between] = run.recorder.evaluations;
  assert.ok(before && between);
  assert.equal(before.accuracy.rows, 8);
  assert.deepEqual(Object.keys(before.categories), ["even", "odd"]);
  assert.equal(before.categories.even?.rows, 4);
  assert.equal(between.accuracy.rows, 4);
  const rollouts = run.recorder.drawn.flatMap(({ results }) => results.flatMap((result) => result.rollouts));
  assert.equal(rollouts.length, 12);
  assert.equal(before.truncated, rollouts.slice(0, 8).filter(({ completion }) => completion.truncated).length);
  // Greedy: the same rows give the same completions.
  assert.deepEqual(
    rollouts.slice(8).map(({ text }) => text),
    rollouts.slice(0, 4).map(({ text }) => text),
  );
});

test("without held-out rows nothing is evaluated", async (t) => {
  const run = await memoryRun(t);
  run.data.heldOut.length = 0;
  await evaluate(run, "before");
  assert.equal(run.recorder.evaluations.length, 0);
});
