import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { numbers } from "./algebra.ts";
import { valueTokenLoss } from "./valueLoss.ts";

const close = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 1e-12 * Math.max(1, Math.abs(expected)), `${found} instead of ${expected}`);
const loss = (value: number, oldValue: number, target: number, valueClip?: number) =>
  valueTokenLoss(numbers, { value, oldValue, target }, valueClip === undefined ? {} : { valueClip });

// ½·max((V − R)², (V_old + clip(V − V_old, −0.2, 0.2) − R)²), by hand.
const byHand: [value: number, old: number, target: number, expected: number, why: string][] = [
  [1.1, 1, 2, 0.405, "within the clip: its own error"],
  [
    1.5,
    1,
    2,
    0.32,
    "moved towards the target by more than the clip: the error at the limit, so that nothing is gained",
  ],
  [0.5, 1, 2, 1.125, "moved away by more than the clip: its own error, so that it comes back"],
  [2.9, 1, 2, 0.405, "beyond the target and nearly as far from it as it was: its own error is the larger"],
  [-1, 0, -1, 0.32, "at the target, which it may not have come to so fast"],
];
for (const [value, old, target, expected, why] of byHand) {
  test(`the clipped loss of ${value}, from ${old} towards ${target}: ${why}`, () => {
    close(loss(value, old, target, 0.2), expected);
  });
}

const number = fc.double({ min: -10, max: 10, noNaN: true });

test("without a clip it is half the squared error; with one never less, and the same within it", () => {
  fc.assert(
    fc.property(number, number, number, fc.double({ min: 0.01, max: 3, noNaN: true }), (value, old, target, clip) => {
      const plain = 0.5 * (value - target) ** 2;
      close(loss(value, old, target), plain);
      assert.ok(loss(value, old, target, clip) >= plain);
      if (Math.abs(value - old) < clip) close(loss(value, old, target, clip), plain);
    }),
    { seed: 311 },
  );
});

test("beyond the clip there is no slope towards the target, and there is one back to it", () => {
  const slope = (value: number, old: number, target: number) =>
    (loss(value + 1e-6, old, target, 0.2) - loss(value - 1e-6, old, target, 0.2)) / 2e-6;
  assert.equal(slope(1.5, 1, 3), 0);
  assert.equal(slope(0.5, 1, -3), 0);
  assert.ok(slope(0.5, 1, 3) < -2);
  assert.ok(slope(1.5, 1, -3) > 2);
});
