import assert from "node:assert/strict";
import { test } from "node:test";
import type { VariantOutcome } from "../../server/training/sweep/comparison.ts";
import type { RunOutcome } from "../../server/training/sweep/outcome.ts";
import { CLAIMS, type Claim, findingOf } from "./methodClaims.ts";

const run = (seed: number, accuracyAfter: number, hardAfter: number): RunOutcome => ({
  seed,
  folder: "",
  accuracyBefore: 0.4,
  accuracyAfter,
  hardBefore: 20,
  hardAfter,
  probedRows: 40,
  hardByRound: [],
  windowVariance: null,
  largestDrop: null,
  stepsToTarget: null,
  collapsed: false,
  minutes: 2,
  wholeMinutes: 3,
  curve: [],
});
const variant = (name: string, runs: RunOutcome[]): VariantOutcome => ({ name, preset: name, runs });
const variants = [
  variant("GRPO", [run(1, 0.6, 12), run(2, 0.62, 14), run(3, 0.61, 13)]),
  variant("replace", [run(1, 0.66, 15), run(2, 0.67, 18), run(3, 0.67, 16)]),
  variant("add", [run(1, 0.65, 9), run(2, 0.58, 17), run(3, 0.61, 13)]),
];
const verdictOf = (sought: Partial<Claim>) => {
  const claimed = CLAIMS.find((one) =>
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
