import assert from "node:assert/strict";
import { test } from "node:test";
import type { VariantOutcome } from "../../server/training/sweep/comparison.ts";
import type { RunOutcome } from "../../server/training/sweep/outcome.ts";
import { outcome } from "../../server/training/sweep/testing/outcome.ts";
import { type Claim, findingOf } from "./claims.ts";
import { METHOD_CLAIMS } from "./methodClaims.ts";
import { SPARK_CLAIMS } from "./sparkClaims.ts";

const run = (seed: number, accuracyAfter: number, hardAfter: number) => outcome(seed, accuracyAfter, { hardAfter });
const variant = (name: string, runs: RunOutcome[]): VariantOutcome => ({ name, preset: name, runs });
const variants = [
  variant("GRPO", [run(1, 0.6, 12), run(2, 0.62, 14), run(3, 0.61, 13)]),
  variant("replace", [run(1, 0.66, 15), run(2, 0.67, 18), run(3, 0.67, 16)]),
  variant("add", [run(1, 0.65, 9), run(2, 0.58, 17), run(3, 0.61, 13)]),
];
const verdictOf = (sought: Partial<Claim>) => {
  const claimed = [...METHOD_CLAIMS, ...SPARK_CLAIMS].find((one) =>
    Object.entries(sought).every(([key, value]) => one[key as keyof Claim] === value),
  );
  assert.ok(claimed);
  return findingOf(claimed, variants);
};

test("a difference on the paper's side, with zero outside of its interval, is a finding", () => {
  const finding = verdictOf({ better: "replace", than: "GRPO", measure: "accuracy" });
  assert.equal(finding.verdict, "appears");
  assert.ok(finding.difference && Math.abs(finding.difference.mean - 17 / 3) < 1e-9, "in percentage points");
});

test("on the other side the finding does not appear: more hard rows are worse", () => {
  assert.equal(verdictOf({ better: "replace", than: "GRPO", measure: "hard rows" }).verdict, "does not appear");
});

test("an interval around zero leaves it undetermined, as do runs that are missing", () => {
  assert.equal(verdictOf({ better: "add", than: "GRPO", measure: "hard rows" }).verdict, "undetermined");
  const missing = verdictOf({ better: "SET", than: "GRPO", measure: "accuracy" });
  assert.deepEqual([missing.verdict, missing.difference], ["undetermined", null]);
});

test("the base is the policy that each run began with", () => {
  const { verdict, difference } = verdictOf({ better: "GRPO", than: "base", measure: "hard rows" });
  assert.equal(verdict, "appears");
  assert.ok(difference && Math.abs(difference.mean + 7) < 1e-9);
});

test("not to be worse is borne out unless the whole interval is on the worse side", () => {
  const supervised = [0.5, 0.52, 0.51].map((accuracy, seed) => outcome(seed, accuracy));
  const against = (accuracies: number[]) =>
    findingOf({ sentence: "", source: "", measure: "accuracy", better: "SPaRK", than: "supervised", notWorse: true }, [
      variant("supervised", supervised),
      variant(
        "SPaRK",
        accuracies.map((accuracy, seed) => outcome(seed, accuracy)),
      ),
    ]).verdict;
  assert.equal(against([0.49, 0.53, 0.5]), "appears");
  assert.equal(against([0.4, 0.42, 0.4]), "does not appear");
  assert.equal(against([0.6, 0.61, 0.62]), "appears");
  assert.equal(against([0.6]), "undetermined");
});

test("the entropy of the choice of tools is compared in bits", () => {
  const played = (seed: number, entropyAfter: number) => outcome(seed, 0.5, { entropyBefore: 1, entropyAfter });
  const finding = findingOf({ sentence: "", source: "", measure: "entropy", better: "SPaRK", than: "base" }, [
    variant("SPaRK", [played(1, 2.5), played(2, 2.6), played(3, 2.7)]),
  ]);
  assert.equal(finding.verdict, "appears");
  assert.ok(finding.difference && Math.abs(finding.difference.mean - 1.6) < 1e-9);
});
