import assert from "node:assert/strict";
import test from "node:test";
import { Random } from "../testing/random.ts";
import { AdamW, globalNorm } from "./adamw.ts";
import type { AdamWSettings } from "./coefficients.ts";

const settings: AdamWSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1e9 };

interface Case extends Partial<AdamWSettings> {
  rates: number[];
  gradientScale?: number;
}

/** Algorithm 2 of "Decoupled Weight Decay Regularization" as it is printed, in float64. */
function direct(theta: Float64Array, gradients: Float64Array[], rates: number[], s: AdamWSettings): Float64Array {
  const m = new Float64Array(theta.length);
  const v = new Float64Array(theta.length);
  const result = theta.slice();
  for (const [step, gradient] of gradients.entries()) {
    const norm = Math.hypot(...gradient);
    const clipped = gradient.map((g) => (norm > s.maxGradNorm ? (g * s.maxGradNorm) / norm : g));
    for (const [i, g] of clipped.entries()) {
      m[i] = s.beta1 * (m[i] as number) + (1 - s.beta1) * g;
      v[i] = s.beta2 * (v[i] as number) + (1 - s.beta2) * g * g;
      const first = (m[i] as number) / (1 - s.beta1 ** (step + 1));
      const second = (v[i] as number) / (1 - s.beta2 ** (step + 1));
      const rate = rates[step] as number;
      result[i] =
        (result[i] as number) -
        rate * (first / (Math.sqrt(second) + s.epsilon) + s.weightDecay * (result[i] as number));
    }
  }
  return result;
}

const cases: Record<string, Case> = {
  plain: { rates: [0.1, 0.1, 0.1, 0.1] },
  "weight decay": { rates: [0.1, 0.1, 0.1], weightDecay: 0.3 },
  "a rate that changes": { rates: [0.1, 0.02, 0.3, 0] },
  "a clipped gradient": { rates: [0.1, 0.1, 0.1], maxGradNorm: 0.5 },
  "a large epsilon": { rates: [0.1, 0.1, 0.1], epsilon: 0.5 },
  "tiny gradients": { rates: [0.1, 0.1, 0.1], gradientScale: 1e-7 },
};

for (const [name, { rates, gradientScale = 1, ...overrides }] of Object.entries(cases)) {
  test(`AdamW agrees with its formula in float64: ${name}`, () => {
    const random = new Random(141);
    const s = { ...settings, ...overrides };
    const start = [random.normals(5), random.normals(7)];
    const parameters = new Map(start.map((values, i) => [`p${i}`, values.slice()]));
    const optimizer = new AdamW(parameters, s);
    const steps = rates.map(() => [random.normals(5, gradientScale), random.normals(7, gradientScale)]);
    for (const [i, gradients] of steps.entries()) {
      const named = new Map(gradients.map((values, index) => [`p${index}`, values]));
      const norm = optimizer.update(parameters, named, () => rates[i] as number);
      const expected = Math.hypot(...gradients.flatMap((values) => [...values]));
      assert.ok(Math.abs(norm / expected - 1) < 1e-12, "the norm before clipping");
    }
    const flat = (arrays: Float32Array[]) => Float64Array.from(arrays.flatMap((values) => [...values]));
    const expected = direct(flat(start), steps.map(flat), rates, s);
    const found = [...parameters.values()].flatMap((values) => [...values]);
    for (const [i, value] of expected.entries()) assert.ok(Math.abs((found[i] as number) - value) < 2e-6, `${i}`);
    assert.equal(optimizer.step, rates.length);
  });
}

for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
  test(`a gradient with ${bad} in it changes nothing`, () => {
    const parameters = new Map([["p", Float32Array.of(1, 2, 3)]]);
    const optimizer = new AdamW(parameters, { ...settings, weightDecay: 0.1 });
    optimizer.update(parameters, new Map([["p", Float32Array.of(1, -1, 2)]]), () => 0.1);
    const before = structuredClone({ parameters, moments: optimizer.moments, step: optimizer.step });
    const norm = optimizer.update(parameters, new Map([["p", Float32Array.of(0, bad, 1)]]), () => 0.1);
    assert.ok(!Number.isFinite(norm));
    assert.deepEqual({ parameters, moments: optimizer.moments, step: optimizer.step }, before);
  });
}

test("a gradient that comes multiplied with a loss scale is divided by it first, to the bit", () => {
  const random = new Random(143);
  const [start, gradient] = [random.normals(9), random.normals(9)];
  const stepped = (lossScale: number) => {
    const parameters = new Map([["p", start.slice()]]);
    const optimizer = new AdamW(parameters, { ...settings, maxGradNorm: 0.7 });
    const scaled = gradient.map((g) => g * lossScale);
    const norms = [1, 2].map(() => optimizer.update(parameters, new Map([["p", scaled]]), () => 0.1, lossScale));
    return { parameters, moments: optimizer.moments, norms };
  };
  assert.deepEqual(stepped(2 ** 16), stepped(1));
});

test("a gradient of zero only decays the weights", () => {
  const parameters = new Map([["p", Float32Array.of(2)]]);
  const optimizer = new AdamW(parameters, { ...settings, weightDecay: 0.5 });
  assert.equal(
    optimizer.update(parameters, new Map([["p", new Float32Array(1)]]), () => 0.1),
    0,
  );
  assert.equal(parameters.get("p")?.[0], Math.fround(1.9));
});

test("the global norm of arrays of any length", () => {
  const random = new Random(142);
  for (const lengths of [[], [0], [1], [3, 4], [4, 8, 13]]) {
    const arrays = lengths.map((length) => random.normals(length));
    const expected = Math.hypot(...arrays.flatMap((values) => [...values]));
    assert.ok(Math.abs(globalNorm(arrays) - expected) < 1e-12 * Math.max(1, expected));
  }
  assert.equal(globalNorm([Float32Array.of(1e30, 1e30)]), Math.hypot(Math.fround(1e30), Math.fround(1e30)));
});
