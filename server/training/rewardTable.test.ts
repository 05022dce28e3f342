import assert from "node:assert/strict";
import test from "node:test";
import type { Sample } from "../../schemas/samples.ts";
import { estimate, rewardTable } from "./rewardTable.ts";
import type { RowRollouts } from "./rows.ts";
import { accuracyOf } from "./statistics.ts";

test("rewards of 0 and 1 get Wilson's interval", () => {
  const { low, high } = accuracyOf(3, 4);
  assert.deepEqual(estimate([1, 0, 1, 1], 5), { rows: 4, mean: 0.75, low, high, method: "wilson" });
  assert.equal(estimate([], 5).mean, 0);
});

test("other rewards get a bootstrap interval, the same for the same seed", () => {
  const rewards = Array.from({ length: 200 }, (_, row) => (row % 5) / 2 - 0.5);
  const one = estimate(rewards, 3);
  assert.equal(one.method, "bootstrap");
  assert.deepEqual(estimate(rewards, 3), one);
  assert.notDeepEqual(estimate(rewards, 4), one);
  // The normal approximation: mean 0.5, standard deviation √0.5, ± 1.96 / √200 of it.
  const half = 1.96 * Math.sqrt(0.5 / 200);
  assert.ok(Math.abs(one.low - (0.5 - half)) < 0.02 && Math.abs(one.high - (0.5 + half)) < 0.02);
  assert.deepEqual(estimate([2.5, 2.5], 1), { rows: 2, mean: 2.5, low: 2.5, high: 2.5, method: "bootstrap" });
});

function result(id: string, answer: string[], reward: number, failed = false): RowRollouts {
  const sample: Sample = {
    id,
    query: "q",
    tools: answer,
    answer: answer.map((name) => ({ name, arguments: {} })),
    category: answer.length > 1 ? "several" : "single",
  };
  const completion = {
    prompt: 0,
    rollout: 0,
    tokens: new Int32Array(),
    logprobs: new Float32Array(),
    entropies: new Float32Array(),
    truncated: false,
  };
  return {
    row: { index: 0, sample, prompt: { text: "", tokens: new Int32Array() } },
    rollouts: [
      {
        completion,
        text: "",
        calls: [],
        formatOk: true,
        correct: reward === 1,
        reward,
        parts: {},
        reason: "",
        ...(failed && { failed }),
      },
    ],
  };
}

test("groups by category and by the tools of the gold answer; failures are in no mean", () => {
  const table = rewardTable(
    [result("a", ["f"], 1), result("b", ["f", "g", "f"], 0), result("c", [], 1), result("d", ["g"], 0, true)],
    1,
  );
  assert.equal(table.failed, 1);
  assert.deepEqual([table.all.rows, table.all.mean, table.all.correct], [3, 2 / 3, 2]);
  assert.deepEqual(Object.keys(table.categories), ["several", "single"]);
  assert.deepEqual(
    Object.entries(table.tools).map(([name, { rows, mean }]) => [name, rows, mean]),
    [
      ["(none)", 1, 1],
      ["f", 2, 0.5],
      ["g", 1, 0],
    ],
  );
});
