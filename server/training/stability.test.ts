import assert from "node:assert/strict";
import test from "node:test";
import type { Settings } from "../../schemas/experiment.ts";
import { hardOscillation, Stability, type StabilityMetrics } from "./stability.ts";

const settings = (changes: Partial<Settings["stability"]> = {}): Settings["stability"] => ({
  window: 3,
  target: 0.8,
  collapse: { drop: 0.5, patience: 2, action: "report" },
  ...changes,
});

/** Takes mean rewards in as steps from 1 on; entropy falls by 0.1 a step, completions grow by a token. */
function course(rewards: number[], stability = new Stability(settings())): StabilityMetrics[] {
  return rewards.map((rewardMean, index) =>
    stability.take(index + 1, { rewardMean, entropy: 2 - index / 10, tokensMean: 10 + index }),
  );
}

test("nothing is known before the window is full", () => {
  const [first, second, third] = course([0.1, 0.2, 0.6]);
  assert.ok(Object.values(first ?? {}).every((value) => value === null));
  assert.ok(Object.values(second ?? {}).every((value) => value === null));
  assert.ok(Math.abs((third?.windowReward ?? 0) - 0.3) < 1e-12);
  assert.ok(Math.abs((third?.windowVariance ?? 0) - 0.07) < 1e-12, "ddof 1");
  assert.equal(third?.largestDrop, 0);
  assert.equal(third?.entropyDrift, 0);
});

test("drop, drift and the steps to the target", () => {
  const all = course([0.9, 0.9, 0.9, 0.3, 0.3, 0.9, 0.9, 0.9]);
  assert.deepEqual(
    all.map(({ stepsToTarget }) => stepsToTarget),
    [null, null, 3, 3, 3, 3, 3, 3],
  );
  const last = all.at(-1);
  assert.ok(Math.abs((last?.largestDrop ?? 0) - 0.4) < 1e-12, "0.9 down to 0.5, and kept after it recovered");
  assert.ok(Math.abs((last?.entropyDrift ?? 0) + 0.5) < 1e-12);
  assert.equal(last?.lengthDrift, 5);
});

test("a run has collapsed when half of the best is lost for long enough, and has not once it recovers", () => {
  const stability = new Stability(settings());
  const collapsed: (number | null)[] = [];
  const just: number[] = [];
  for (const [index, rewardMean] of [0.8, 0.8, 0.8, 0.1, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9].entries()) {
    collapsed.push(stability.take(index + 1, { rewardMean, entropy: 1, tokensMean: 1 }).collapsed);
    if (stability.hasJustCollapsed) just.push(index + 1);
  }
  assert.deepEqual(collapsed, [null, null, 0, 0, 0, 1, 1, 1, 0, 0]);
  assert.deepEqual(just, [6], "told once");
});

test("a reward that can be negative is measured from its lowest", () => {
  const from = (rewards: number[]) => course(rewards).map(({ collapsed }) => collapsed);
  assert.equal(from([-3, -3, -3, 3, 3, 3, 1, 1, 1, 1]).at(-1), 0, "a third of the way from -3 to 3 is lost");
  assert.equal(from([-3, -3, -3, 3, 3, 3, -1, -1, -1, -1]).at(-1), 1);
  assert.equal(from([0, 0, 0, 0, 0, 0]).at(-1), 0, "what never rose has not collapsed");
  assert.equal(from([-2, -2, -2, -2, -2, -2]).at(-1), 0);
});

test("its state goes on as if nothing had been in between", () => {
  const rewards = [0.2, 0.9, 0.4, 0.6, 0.1, 0.1, 0.1, 0.7];
  const whole = course(rewards);
  for (let cut = 1; cut < rewards.length; cut++) {
    const before = new Stability(settings());
    course(rewards.slice(0, cut), before);
    const after = new Stability(settings(), JSON.parse(JSON.stringify(before.state)));
    const rest = rewards
      .slice(cut)
      .map((rewardMean, index) =>
        after.take(cut + index + 1, { rewardMean, entropy: 2 - (cut + index) / 10, tokensMean: 10 + cut + index }),
      );
    assert.deepEqual(rest, whole.slice(cut));
  }
});

test("the hard count's oscillation is its mean change", () => {
  assert.equal(hardOscillation([5]), null);
  assert.equal(hardOscillation([10, 4, 8, 8]), 10 / 3);
});
