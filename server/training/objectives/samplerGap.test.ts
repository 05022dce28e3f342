import assert from "node:assert/strict";
import test from "node:test";
import { samplerGap } from "./samplerGap.ts";

const close = (found: number | undefined, expected: number) =>
  assert.ok(Math.abs((found ?? Number.NaN) - expected) < 1e-6, `${found} instead of ${expected}`);

test("differences of log-probabilities, by hand", () => {
  const gap = samplerGap([
    { sampler: Float32Array.of(-1, -2), trainer: Float32Array.of(-1, -2.5) },
    { sampler: Float32Array.of(-3), trainer: Float32Array.of(-2) },
  ]);
  close(gap?.samplerGapMean, 1.5 / 3);
  close(gap?.samplerGapMax, 1);
  const k3 = (d: number) => Math.exp(d) - d - 1;
  close(gap?.samplerGapKl, (k3(0) + k3(-0.5) + k3(1)) / 3);
  // e^1 is beyond 2, e^−0.5 is not below 1/2.
  close(gap?.samplerGapOutside, 1 / 3);
});

test("a ratio of two is outside in either direction, and one just below is not", () => {
  const outside = (difference: number) =>
    samplerGap([{ sampler: Float32Array.of(-4), trainer: Float32Array.of(-4 + difference) }])?.samplerGapOutside;
  assert.deepEqual([0.7, -0.7, 0.69, -0.69].map(outside), [1, 1, 0, 0]);
});

test("of nothing there is no gap, and lengths that differ are a fault", () => {
  assert.equal(samplerGap([]), null);
  assert.equal(samplerGap([{ sampler: new Float32Array(0), trainer: new Float32Array(0) }]), null);
  assert.throws(() => samplerGap([{ sampler: new Float32Array(2), trainer: new Float32Array(1) }]), /There are 2 /);
});
