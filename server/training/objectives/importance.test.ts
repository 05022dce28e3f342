import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { numbers } from "./algebra.ts";
import { truncatedImportance } from "./importance.ts";
import type { GrpoObjective } from "./objective.ts";
import { policyTokenLoss } from "./policyLoss.ts";

const plain: GrpoObjective = { kind: "grpo", clipLow: 0.2, clipHigh: 0.2, beta: 0, kl: "k3", entropy: 0 };
const close = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 1e-12 * Math.max(1, Math.abs(expected)), `${found} instead of ${expected}`);

// pi_train(θ_old) / pi_sampler and C, by hand.
const byHand: [train: number, sampler: number, cap: number, weight: number, why: string][] = [
  [0.5, 0.5, 2, 1, "both agree"],
  [0.2, 0.4, 2, 0.5, "drawn more often than training would: counts less"],
  [0.45, 0.3, 2, 1.5, "drawn less often, below the cap"],
  [0.9, 0.1, 2, 2, "drawn much less often: the cap counts"],
  [0.9, 0.1, 1, 1, "a cap of 1 only ever lowers"],
];
for (const [train, sampler, cap, weight, why] of byHand) {
  test(`the weight of a token of probability ${train}, drawn at ${sampler}, capped at ${cap}: ${why}`, () => {
    close(truncatedImportance(numbers, Math.log(train), Math.log(sampler), cap), weight);
  });
}

test("the surrogate is weighted, the KL term and the entropy are not", () => {
  const [old, sampler] = [Math.log(0.3), Math.log(0.2)];
  const terms = { logprob: old + Math.log(1.1), oldLogprob: old, samplerLogprob: sampler, advantage: 2 };
  // 1.5 · 1.1 · 2: the ratio of the clip is the trainer's own.
  close(policyTokenLoss(numbers, terms, { ...plain, importanceCap: 2 }), -3.3);
  close(policyTokenLoss(numbers, terms, { ...plain, importanceCap: 1.25 }), -2.75);
  const more = { ...terms, refLogprob: terms.logprob + 0.4, entropy: 2 };
  const objective: GrpoObjective = { ...plain, beta: 0.5, entropy: 0.1, importanceCap: 2 };
  close(policyTokenLoss(numbers, more, objective), -3.3 + 0.5 * (Math.exp(0.4) - 1.4) - 0.2);
});

test("the clip acts on the policy's movement, whatever the weight", () => {
  const old = -1;
  const terms = { logprob: old + Math.log(1.5), oldLogprob: old, samplerLogprob: old + Math.log(2), advantage: 1 };
  close(policyTokenLoss(numbers, terms, { ...plain, importanceCap: 2 }), -0.5 * 1.2);
});

test("without a cap the sampler is not asked for, with one it is", () => {
  const terms = { logprob: -1, oldLogprob: -1, advantage: 1 };
  assert.equal(policyTokenLoss(numbers, terms, plain), -1);
  assert.throws(
    () => policyTokenLoss(numbers, terms, { ...plain, importanceCap: 2 }),
    /the sampler's log-probabilities/,
  );
});

test("the weight lies in (0, C], and is finite for any two log-probabilities", () => {
  const logprob = fc.double({ min: -1000, max: 0, noNaN: true });
  fc.assert(
    fc.property(logprob, logprob, fc.double({ min: 1, max: 10, noNaN: true }), (old, sampler, cap) => {
      const weight = truncatedImportance(numbers, old, sampler, cap);
      assert.ok(weight > 0 && weight <= cap, `${weight}`);
    }),
    { seed: 195 },
  );
});
