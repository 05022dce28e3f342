import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { numbers } from "./algebra.ts";
import { klEstimate, klOfToken } from "./kl.ts";
import type { GrpoObjective } from "./objective.ts";
import { policyTokenLoss } from "./policyLoss.ts";
import { supervisedTokenLoss } from "./supervised.ts";

const plain: GrpoObjective = { kind: "grpo", clipLow: 0.2, clipHigh: 0.3, beta: 0, kl: "k3", entropy: 0 };

/** The loss of a token whose ratio is given. */
function loss(
  ratio: number,
  advantage: number,
  objective = plain,
  rest: { kl?: number; entropy?: number } = {},
): number {
  const logprob = -1.5;
  return policyTokenLoss(
    numbers,
    {
      logprob,
      oldLogprob: logprob - Math.log(ratio),
      refLogprob: rest.kl === undefined ? undefined : logprob + rest.kl,
      advantage,
      entropy: rest.entropy,
    },
    objective,
  );
}

const close = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 1e-12 * Math.max(1, Math.abs(expected)), `${found} instead of ${expected}`);

test("at ratio 1 the loss is −A", () => {
  for (const advantage of [-2, -0.5, 0, 1, 1.79]) close(loss(1, advantage), -advantage);
});

// min(rho·A, clip(rho, 0.8, 1.3)·A), by hand.
const byHand: [ratio: number, advantage: number, objective: number, why: string][] = [
  [1.2, 2, 2.4, "within the limits"],
  [0.9, -2, -1.8, "within the limits, to be made less likely"],
  [1.5, 2, 2.6, "above, already likelier: the limit counts"],
  [1.5, -2, -3, "above, but to be made less likely: the ratio counts"],
  [0.5, 2, 1, "below, but to be made likelier: the ratio counts"],
  [0.5, -2, -1.6, "below, already less likely: the limit counts"],
  [3, 0, 0, "no advantage"],
];
for (const [ratio, advantage, objective, why] of byHand) {
  test(`the clipped surrogate of ratio ${ratio} and advantage ${advantage}: ${why}`, () => {
    close(loss(ratio, advantage), -objective);
  });
}

test("the two limits are separate", () => {
  close(loss(1.25, 1, { ...plain, clipHigh: 0.2 }), -1.2);
  close(loss(1.25, 1, { ...plain, clipHigh: 0.28 }), -1.25);
  close(loss(0.75, -1, { ...plain, clipLow: 0.2 }), 0.8);
  close(loss(0.75, -1, { ...plain, clipLow: 0.3 }), 0.75);
});

test("KL and entropy enter with their coefficients, the entropy as a bonus", () => {
  close(loss(1, 1, { ...plain, beta: 0.5, kl: "k1" }, { kl: 0.4 }), -1 - 0.2);
  close(loss(1, 1, { ...plain, beta: 0.5, kl: "k2" }, { kl: 0.4 }), -1 + 0.04);
  close(loss(1, 1, { ...plain, beta: 0.5, kl: "k3" }, { kl: 0.4 }), -1 + 0.5 * (Math.exp(0.4) - 1.4));
  close(loss(1, 1, { ...plain, entropy: 0.1 }, { entropy: 2 }), -1 - 0.2);
});

test("without coefficients the reference and the entropy are not asked for, with them they are", () => {
  assert.equal(Number.isFinite(loss(1, 1)), true);
  assert.throws(() => loss(1, 1, { ...plain, beta: 0.1 }), /reference log-probabilities/);
  assert.throws(() => loss(1, 1, { ...plain, entropy: 0.1 }), /entropies/);
});

const logprob = fc.double({ min: -60, max: 0, noNaN: true });

test("k2 and k3 are never negative, and zero where both policies agree", () => {
  fc.assert(
    fc.property(logprob, logprob, (own, reference) => {
      for (const kl of ["k2", "k3"] as const) {
        // k3 near d = 0 is a difference of nearly equal numbers.
        assert.ok(klEstimate(numbers, own, reference, kl) >= -1e-15, kl);
        assert.equal(klEstimate(numbers, own, own, kl), 0);
      }
    }),
    { seed: 181 },
  );
});

test("the difference is limited to ±20", () => {
  for (const kl of ["k1", "k2", "k3"] as const) {
    assert.equal(klEstimate(numbers, -50, -10, kl), klEstimate(numbers, -40, -20, kl));
    assert.equal(klEstimate(numbers, -10, -50, kl), klEstimate(numbers, -20, -40, kl));
    assert.notEqual(klEstimate(numbers, -30, -10.5, kl), klEstimate(numbers, -30, -10, kl));
  }
  assert.equal(klEstimate(numbers, -50, -10, "k3"), Math.exp(20) - 21);
});

test("the estimate that is reported is the one that is learnt with", () => {
  fc.assert(
    fc.property(logprob, logprob, fc.constantFrom("k1", "k2", "k3"), (own, reference, kl) => {
      close(klEstimate(numbers, own, reference, kl), klOfToken(kl, own, reference));
    }),
    { seed: 182 },
  );
});

test("the expected k1 and k3 over a policy's own tokens are the KL divergence", () => {
  const [p, q] = [
    [0.5, 0.3, 0.2],
    [0.2, 0.2, 0.6],
  ] as const;
  const exact = p.reduce<number>((sum, value, i) => sum + value * Math.log(value / (q[i] as number)), 0);
  for (const kl of ["k1", "k3"] as const) {
    const expected = p.reduce<number>(
      (sum, value, i) => sum + value * klEstimate(numbers, Math.log(value), Math.log(q[i] as number), kl),
      0,
    );
    close(expected, exact);
  }
});

test("the supervised loss is the token's cross-entropy", () => {
  assert.equal(supervisedTokenLoss(numbers, -2.5), 2.5);
});
