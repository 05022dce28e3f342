import assert from "node:assert/strict";
import test from "node:test";
import { readRunRecord } from "../../store/runFolder.ts";
import { tinyConfig } from "../engine/onnx/testing/tinyPolicy.ts";
import { createRun } from "../newRun.ts";
import { engineOptions } from "../server/supervisor.ts";
import { fakeExperiment } from "../testing/harness.ts";
import { planRun } from "./planRun.ts";

const why = "WebGPU was chosen: a card.";
const planning = {
  chooseDevice: async () => ({ name: "webgpu", why }) as const,
  available: async () => ({ host: 64 * 2 ** 30 }),
  modelConfig: () => tinyConfig(true),
};

test("a device that was chosen is on record with its reason, and the engine is made on it", async (t) => {
  const experiment = { ...fakeExperiment(t), device: "auto" as const };
  const plan = await planRun(experiment, { prompt: 8 }, planning);
  assert.deepEqual(plan.device, { name: "webgpu", why });
  const record = readRunRecord(createRun(experiment, plan));
  assert.deepEqual(record.plan, plan);
  assert.equal(record.experiment.device, "auto");
  // A resume reads the record: it tests nothing anew.
  const options = engineOptions(record.experiment, record.plan);
  assert.equal(options.device, "webgpu");
  assert.equal(options.microBatchTokens, plan.microBatchTokens);
  assert.equal(options.maxSequences, plan.maxSequences);
});

test("an experiment that names its device, or none, is not tested for", async (t) => {
  const chooseDevice = () => assert.fail("a test was made");
  const experiment = fakeExperiment(t);
  assert.equal(experiment.device, "cpu");
  const plan = await planRun(experiment, { prompt: 8 }, { ...planning, chooseDevice });
  assert.equal(plan.device, undefined);
  assert.equal(engineOptions(experiment, plan).device, "cpu");
});

test("the model of another engine is not reckoned with", async (t) => {
  const { modelConfig: _, ...rest } = planning;
  const experiment = fakeExperiment(t);
  const { memory, microBatchTokens } = await planRun(experiment, { prompt: 8 }, rest);
  assert.match(memory, /another engine/);
  assert.equal(microBatchTokens, experiment.settings.optimizer.microBatchTokens);
});
