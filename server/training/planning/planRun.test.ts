import assert from "node:assert/strict";
import test from "node:test";
import type { DeviceReport } from "../../../schemas/devices.ts";
import { readRunRecord } from "../../store/runFolder.ts";
import { tinyConfig } from "../engine/onnx/testing/tinyPolicy.ts";
import { createRun } from "../newRun.ts";
import { engineOptions } from "../server/supervisor.ts";
import { fakeExperiment } from "../testing/harness.ts";
import { planRun } from "./planRun.ts";

const cpu: DeviceReport = { device: "cpu", state: "works", f32: 100 };
const card: DeviceReport = { device: "webgpu", state: "works", adapter: "A card", f32: 9000, int4: "no kernel" };
const planning = {
  testDevices: async () => [cpu, card],
  available: async () => ({ host: 64 * 2 ** 30 }),
  modelConfig: () => tinyConfig(true),
};

test("a device that was chosen is on record with its reason, and the engine is made on it", async (t) => {
  const experiment = { ...fakeExperiment(t), device: "auto" as const };
  const plan = await planRun(experiment, { prompt: 8 }, planning);
  assert.deepEqual(plan.device, {
    name: "webgpu",
    why: "WebGPU was chosen: A card multiplies matrices at 9,000 GFLOP/s, against 100 GFLOP/s on the CPU.",
  });
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
  const testDevices = () => assert.fail("a test was made");
  const experiment = fakeExperiment(t);
  assert.equal(experiment.device, "cpu");
  const plan = await planRun(experiment, { prompt: 8 }, { ...planning, testDevices });
  assert.equal(plan.device, undefined);
  assert.equal(engineOptions(experiment, plan).device, "cpu");
});

test("a run on CUDA is begun where the test finds it sound, and refused in one sentence elsewhere", async (t) => {
  const experiment = { ...fakeExperiment(t), device: "cuda" as const };
  const found = (report: Partial<DeviceReport>) => async () => [{ device: "cuda", state: "works", ...report } as const];
  const plan = await planRun(experiment, { prompt: 8 }, { ...planning, testCuda: found({}) });
  assert.equal(engineOptions(experiment, plan).device, "cuda");
  const problem = "CUDA lacks cuBLAS (libcublas.so.13).";
  const lacking = found({ state: "absent", problem, remedy: "Install it." });
  await assert.rejects(planRun(experiment, { prompt: 8 }, { ...planning, testCuda: lacking }), {
    message: 'The device "cuda" cannot be used: CUDA lacks cuBLAS (libcublas.so.13); install it.',
    place: { file: experiment.file, key: "device" },
  });
  const wrong = found({ state: "wrong", problem: "The device computes wrongly." });
  await assert.rejects(planRun(experiment, { prompt: 8 }, { ...planning, testCuda: wrong }), /computes wrongly/);
  const silent = { ...planning, available: async () => ({ host: 64 * 2 ** 30, device: "cuda" as const }) };
  const { memory } = await planRun(experiment, { prompt: 8 }, { ...silent, testCuda: found({}) });
  assert.match(memory, /; what its graphics card has is unknown, and was not reckoned with\.$/);
});

test("the model of another engine is not reckoned with", async (t) => {
  const { modelConfig: _, ...rest } = planning;
  const experiment = fakeExperiment(t);
  const { memory, microBatchTokens } = await planRun(experiment, { prompt: 8 }, rest);
  assert.match(memory, /another engine/);
  assert.equal(microBatchTokens, experiment.settings.optimizer.microBatchTokens);
});

test("blocks of 4 bits that do not fit the policy are refused before its weights are read", async (t) => {
  const experiment = fakeExperiment(t);
  const adapter = { ...experiment.settings.adapter, kind: "lora", base: "int4", block: 64 } as const;
  const quantized = { ...experiment, settings: { ...experiment.settings, adapter } };
  const modelConfig = () =>
    tinyConfig(true, { hidden: 192, intermediate: 640, heads: 3, keyValueHeads: 3, headSize: 64 });
  await assert.rejects(planRun(quantized, { prompt: 8 }, { ...planning, modelConfig }), {
    message:
      "The policy's model.layers.0.self_attn.q_proj.weight has 192 inputs, which are no even number of blocks of 64; set settings.adapter.block to 32.",
    place: { file: experiment.file, key: "settings.adapter.block" },
  });
  await assert.rejects(
    planRun(quantized, { prompt: 8 }, planning),
    /nor of smaller ones; set settings\.adapter\.base to "f16" or "f32"\.$/,
  );
  const fitting = { ...quantized, settings: { ...quantized.settings, adapter: { ...adapter, block: 32 as const } } };
  assert.ok(await planRun(fitting, { prompt: 8 }, { ...planning, modelConfig }));
  const left = await planRun({ ...fitting, device: "auto" }, { prompt: 8 }, { ...planning, modelConfig });
  assert.equal(left.device?.name, "cpu", "the card lacks the kernels");
});
