import assert from "node:assert/strict";
import test from "node:test";
import { fineTune } from "./sft.ts";
import { memoryRun } from "./testing/harness.ts";

const supervised = {
  experiment: { preset: "sft" as const },
  settings: {
    steps: 30,
    sampling: { promptsPerStep: 8, groupSize: 1 },
    lengths: { prompt: 32, response: 4 },
    probe: { before: false, after: false },
    optimizer: { learningRate: 0.5, promptsPerMiniBatch: 8 },
    evaluation: { every: 10, rows: 0 },
  },
};

test("supervised training learns the gold answers and reports its loss", async (t) => {
  const run = await memoryRun(t, supervised);
  await fineTune(run);
  const losses = run.recorder.steps.map(({ metrics }) => metrics.loss);
  assert.equal(losses.length, 30);
  assert.ok((losses.at(-1) as number) < 0.1 * (losses[0] as number), String(losses));
  assert.equal(run.recorder.evaluations.at(-1)?.accuracy.value, 1);
  assert.equal(run.recorder.probes.length, 0);
  const [first] = run.recorder.steps;
  assert.equal(first?.metrics.rewardMean, null);
  assert.equal(first?.metrics.tokensMean, 2); // the call and the end of the sequence
  assert.deepEqual(first?.groups, []);
});

test("a gold answer longer than the budget is refused before the run", async (t) => {
  await assert.rejects(
    memoryRun(t, { ...supervised, settings: { ...supervised.settings, lengths: { prompt: 32, response: 1 } } }),
    { name: "InputError", message: /longer than the budget of 1 tokens/ },
  );
});
