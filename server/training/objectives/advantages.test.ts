import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { groupAdvantages, miniBatchAdvantages } from "./advantages.ts";

const close = (actual: ArrayLike<number>, expected: number[], tolerance = 1e-9): void => {
  assert.equal(actual.length, expected.length);
  for (const [index, value] of expected.entries()) {
    assert.ok(Math.abs((actual[index] ?? Number.NaN) - value) <= tolerance, `${Array.from(actual)} is not ${expected}`);
  }
};

test("divides by the standard deviation with ddof 1, plus 1e-6", () => {
  // mean 0.25, squares 0.75, std 0.5.
  close(
    groupAdvantages([1, 0, 0, 0], true),
    [0.75, -0.25, -0.25, -0.25].map((value) => value / (0.5 + 1e-6)),
    1e-15,
  );
  close(
    groupAdvantages([1, 0], true),
    [0.5, -0.5].map((value) => value / (Math.SQRT1_2 + 1e-6)),
    1e-15,
  );
  close(groupAdvantages([1, 0, 0, 0], false), [0.75, -0.25, -0.25, -0.25], 1e-15);
});

test("a small bonus in an all-right group of five is worth 1.79, whatever its size", () => {
  for (const bonus of [0.1, 0.01, 0.001]) {
    const [first] = groupAdvantages([1 + bonus, 1, 1, 1, 1], true);
    assert.ok(Math.abs((first ?? 0) - 1.789) < 0.005, `${bonus}: ${first}`);
  }
});

test("exactly equal rewards give zeros, also where rounding would not", () => {
  for (const group of [[], [1], [0, 0], [1.01, 1.01, 1.01, 1.01, 1.01], [0.1, 0.1, 0.1], [-0, 0]]) {
    assert.deepEqual(
      [...groupAdvantages(group, true)],
      group.map(() => 0),
    );
    assert.deepEqual(
      [...groupAdvantages(group, false)],
      group.map(() => 0),
    );
  }
});

test("a reward that is no finite number is an error that names it", () => {
  assert.throws(() => groupAdvantages([1, Number.NaN], true), /completion 1 is NaN/);
  assert.throws(() => groupAdvantages([Number.POSITIVE_INFINITY, 1], false), /completion 0 is Infinity/);
  assert.throws(() => groupAdvantages([Number.NaN, Number.NaN], true), /completion 0/);
});

test("advantages sum to zero, keep the order of rewards, and do not care for a shift", () => {
  const rewards = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 2, maxLength: 16 });
  fc.assert(
    fc.property(rewards, fc.boolean(), fc.integer({ min: -5, max: 5 }), (group, normalize, shift) => {
      const advantages = groupAdvantages(group, normalize);
      assert.ok(Math.abs(advantages.reduce((sum, value) => sum + value, 0)) < 1e-6);
      for (const [left, reward] of group.entries()) {
        for (const [right, other] of group.entries()) {
          if (reward > other) assert.ok((advantages[left] ?? 0) >= (advantages[right] ?? 0));
        }
      }
      if (!normalize)
        close(
          groupAdvantages(
            group.map((reward) => reward + shift),
            false,
          ),
          [...advantages],
          1e-9,
        );
      else
        assert.ok(advantages.every((value) => Math.abs(value) <= (group.length - 1) / Math.sqrt(group.length) + 1e-9));
    }),
    { seed: 10, numRuns: 300 },
  );
});

test("over a mini-batch they have mean 0 and deviation 1; equal ones are zeros, and a single one stays", () => {
  const found = miniBatchAdvantages([3, 1, 4, 1, 5]);
  const squares = found.reduce((sum, value) => sum + value * value, 0);
  assert.ok(Math.abs(found.reduce((sum, value) => sum + value, 0)) < 1e-12);
  assert.ok(Math.abs(squares / 4 - 1) < 1e-5);
  close(found, [...groupAdvantages([3, 1, 4, 1, 5], true)], 0);
  assert.deepEqual([...miniBatchAdvantages([2, 2])], [0, 0]);
  assert.deepEqual([...miniBatchAdvantages([-0.7])], [-0.7]);
  assert.deepEqual([...miniBatchAdvantages([])], []);
});
