/** The kernel against the same arithmetic in JavaScript, on arrays that end anywhere in a block and in a vector. */
import assert from "node:assert/strict";
import test from "node:test";
import { Random } from "../../testing/random.ts";
import { addTo, stepBy, sumOfSquares } from "./adamwKernel.ts";

const LENGTHS = [0, 1, 3, 4, 5, 1023, 8191, 8192, 8193, 3 * 8192 + 2];
const settings = { beta1: 0.9, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.1, maxGradNorm: 1 };
const coefficients = { scale: 0.5, rate: 0.02, secondCorrection: 1.5, decay: 0.003 };

/** The numbers with room before and behind them, which nothing may be written to. */
const within = (values: Float32Array): Float32Array => Float32Array.of(7, ...values, 7).subarray(1, -1);
const edges = ({ buffer }: Float32Array) => [new Float32Array(buffer)[0], new Float32Array(buffer).at(-1)];

test("a step is float32's, number by number, and nothing beside the arrays changes", () => {
  const random = new Random(211);
  const f = Math.fround;
  const { scale, rate, secondCorrection, decay } = coefficients;
  for (const length of LENGTHS) {
    const theta = random.normals(length);
    const moments = { m: random.normals(length, 0.1), v: random.normals(length).map((value) => value * value) };
    const gradient = random.normals(length, 3);
    const found = { theta: within(theta), m: within(moments.m), v: within(moments.v), gradient: within(gradient) };
    stepBy(found.theta, found, found.gradient, settings, coefficients);

    const slope = gradient.map((g) => f(scale) * g);
    const m = moments.m.map((first, i) => f(f(0.9) * first) + f(f(0.1) * (slope[i] as number)));
    const v = moments.v.map(
      (second, i) => f(f(0.99) * second) + f(f(f(1 - 0.99) * (slope[i] as number)) * (slope[i] as number)),
    );
    const after = theta.map((value, i) => {
      const divisor = f(f(f(secondCorrection) * f(Math.sqrt(v[i] as number))) + f(1e-6));
      return value - f(f(f(decay) * value) + f(f(f(rate) * (m[i] as number)) / divisor));
    });
    assert.deepEqual(found, { theta: after, m, v, gradient }, `${length}`);
    for (const array of Object.values(found)) assert.deepEqual(edges(array), [7, 7]);
  }
});

test("squares are added in float64, whatever the block held before", () => {
  const random = new Random(212);
  for (const length of LENGTHS.toReversed()) {
    const array = random.normals(length);
    const expected = array.reduce((sum, value) => sum + value * value, 0);
    assert.ok(Math.abs(sumOfSquares(array) - expected) <= 1e-13 * expected, `${length}`);
  }
  assert.ok(Number.isNaN(sumOfSquares(Float32Array.of(1, Number.NaN))));
  assert.equal(sumOfSquares(Float32Array.of(3)), 9);
});

test("a sum is float32's, number by number", () => {
  const random = new Random(213);
  for (const length of LENGTHS) {
    const [sum, part] = [random.normals(length), random.normals(length)];
    const expected = sum.map((value, i) => value + (part[i] as number));
    addTo(sum, part);
    assert.deepEqual(sum, expected);
  }
});
