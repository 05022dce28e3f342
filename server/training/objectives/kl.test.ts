import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { completionKl, klOfToken } from "./kl.ts";

const ESTIMATORS = ["k1", "k2", "k3"] as const;

test("k1, k2 and k3 by hand, d = log 2", () => {
  const [logprob, reference] = [Math.log(0.25), Math.log(0.5)];
  assert.ok(Math.abs(klOfToken("k1", logprob, reference) + Math.LN2) < 1e-12);
  assert.ok(Math.abs(klOfToken("k2", logprob, reference) - Math.LN2 ** 2 / 2) < 1e-12);
  assert.ok(Math.abs(klOfToken("k3", logprob, reference) - (1 - Math.LN2)) < 1e-12);
});

test("equal policies diverge by nothing", () => {
  for (const estimator of ESTIMATORS) assert.equal(Math.abs(klOfToken(estimator, -1.5, -1.5)), 0);
});

test("the difference is clamped to 20, so that nothing overflows", () => {
  assert.equal(klOfToken("k3", -1000, 0), klOfToken("k3", -20, 0));
  assert.equal(klOfToken("k3", -20, 0), Math.expm1(20) - 20);
  assert.equal(klOfToken("k1", 0, Number.NEGATIVE_INFINITY), 20);
  assert.equal(klOfToken("k2", 0, -1000), 200);
});

test("k2 and k3 are never negative", () => {
  const logprob = fc.double({ min: -30, max: 0, noNaN: true });
  fc.assert(
    fc.property(logprob, logprob, (own, reference) => {
      assert.ok(klOfToken("k2", own, reference) >= 0);
      assert.ok(klOfToken("k3", own, reference) >= -1e-12);
    }),
    { seed: 13, numRuns: 500 },
  );
});

test("k1 and k3 have the divergence itself as their mean under the policy", () => {
  const policy = [0.7, 0.2, 0.1];
  const reference = [0.5, 0.25, 0.25];
  const exact = policy.reduce((sum, p, index) => sum + p * Math.log(p / (reference[index] ?? 1)), 0);
  for (const estimator of ["k1", "k3"] as const) {
    const expected = policy.reduce((sum, p, index) => {
      return sum + p * klOfToken(estimator, Math.log(p), Math.log(reference[index] ?? 1));
    }, 0);
    assert.ok(Math.abs(expected - exact) < 1e-12, estimator);
  }
});

test("a completion's estimate is the sum over its tokens", () => {
  const [own, reference] = [new Float32Array([-1, -2]), new Float32Array([-2, -2.5])];
  assert.equal(completionKl("k1", own, reference), 1.5);
  assert.equal(completionKl("k1", [], []), 0);
  assert.throws(() => completionKl("k1", own, [-1]), /2 log-probabilities but 1 of the reference/);
});
