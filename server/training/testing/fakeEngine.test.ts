import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import type { LearningGroup, UpdateRequest } from "../engine/policyEngine.ts";
import { engineOptions } from "../server/supervisor.ts";
import { FakeEngine } from "./fakeEngine.ts";
import { fakeExperiment } from "./harness.ts";

const group: LearningGroup = {
  prompt: Int32Array.of(65, 70),
  completions: [Int32Array.of(80, 81), Int32Array.of(82)],
  signals: [0.6, -0.4].map((target, c) => ({
    weights: new Float32Array(2 - c).fill(0.5),
    advantage: target,
    oldLogprobs: new Float32Array(2 - c).fill(-1),
    // What is learnt is the first token's alone.
    values: {
      old: new Float32Array(2 - c),
      targets: new Float32Array(2 - c).fill(target),
      weights: Float32Array.of(0.5, 0).subarray(0, 2 - c),
    },
  })),
};
const request: UpdateRequest = {
  groups: [group],
  objective: { kind: "ppo", clipLow: 0.2, clipHigh: 0.2, beta: 0, kl: "k3", entropy: 0, valueCoefficient: 1 },
  temperature: 1,
  learningRate: 0,
  valueLearningRate: 0.05,
};

test("the fake engine has values too: they start at zero, come to their mean return, and are in its checkpoints", async (t) => {
  const experiment = fakeExperiment(t);
  const open = () => new FakeEngine({ ...engineOptions(experiment), valueHead: true });
  const engine = open();
  assert.deepEqual(await engine.values([group]), [[new Float32Array(2), new Float32Array(1)]]);
  const first = await engine.update(request);
  assert.ok(Math.abs((first.valueLoss as number) - (0.5 * 0.6 ** 2 + 0.5 * 0.4 ** 2) / 2) < 1e-6);
  for (let step = 0; step < 200; step++) await engine.update(request);
  const [[[learnt, other] = []] = []] = await engine.values([group]);
  assert.ok(Math.abs((learnt as number) - 0.1) < 0.01, `${learnt}`);
  assert.equal(other, 0, "nothing was learnt after the first token");
  const dir = join(experiment.runs, "saved");
  mkdirSync(dir, { recursive: true });
  await engine.save(dir);
  const resumed = open();
  await resumed.load(dir);
  const [a, b] = [await resumed.update(request), await engine.update(request)];
  assert.deepEqual({ ...a, milliseconds: 0 }, { ...b, milliseconds: 0 });
  assert.deepEqual(await resumed.values([group]), await engine.values([group]));
  await assert.rejects(new FakeEngine(engineOptions(experiment)).values([group]), RangeError);
});
