/** Training that stays on the device: the CPU's losses, a checkpoint that is whole, and a memory that does not grow. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { asFloat32, readSafetensors } from "../../safetensors.ts";
import type { OnnxPolicyEngine } from "../engine.ts";
import { largestDifference } from "../testing/evaluate.ts";
import { open, requestOf, weightsOf } from "../testing/twoDevices.ts";
import { withoutWebgpu } from "../testing/webgpu.ts";

const model = "tied";

/** One engine for all tests: on this driver compiling its programs takes most of the time. */
let gpu: OnnxPolicyEngine;
before(async () => {
  if (!withoutWebgpu) gpu = await open(model, "webgpu");
});
after(async () => {
  if (withoutWebgpu) return;
  await gpu.dispose();
  assert.equal(gpu.memory.tensors, 0);
});

async function losses(engine: OnnxPolicyEngine, steps: number): Promise<number[]> {
  const found: number[] = [];
  for (let step = 0; step < steps; step++) found.push((await engine.update(requestOf(model))).loss);
  return found;
}

test("the same ten steps on cpu and on webgpu have losses that agree to 1e-3", { skip: withoutWebgpu }, async () => {
  const cpu = await open(model, "cpu");
  const [expected, found] = [await losses(cpu, 10), await losses(gpu, 10)];
  assert.ok(largestDifference(found, expected) < 1e-3, `${found}, ${expected}`);
  // The steps have moved the policy.
  assert.ok(Math.abs((expected[9] as number) - (expected[0] as number)) > 1e-3, `${expected}`);
  await cpu.dispose();
});

test("twenty steps leave nothing behind on the device, and send it tokens alone", { skip: withoutWebgpu }, async () => {
  await losses(gpu, 1);
  const { tensors, bytes, toDevice, toHost } = gpu.memory;
  assert.ok(bytes >= 3 * 4 * gpu.info.parameters, "weights and both moments are there");
  await losses(gpu, 20);
  assert.equal(gpu.memory.tensors, tensors);
  assert.equal(gpu.memory.bytes, bytes);
  const perStep = { toDevice: (gpu.memory.toDevice - toDevice) / 20, toHost: (gpu.memory.toHost - toHost) / 20 };
  // Far less than a copy of the parameters, let alone of gradients and moments.
  assert.ok(perStep.toDevice < gpu.info.parameters / 2, `${perStep.toDevice} bytes a step`);
  assert.ok(perStep.toHost < 1000, `${perStep.toHost} bytes a step come back`);
});

test("a checkpoint of the device goes on as the run would have", { skip: withoutWebgpu }, async () => {
  const dir = mkdtempSync(join(tmpdir(), "residence-"));
  try {
    await losses(gpu, 1);
    await gpu.save(dir);
    const saved = readSafetensors(join(dir, "optimizer.safetensors"));
    assert.ok(Number(saved.metadata.step) > 0);
    assert.ok([...saved.tensors.values()].some((moments) => asFloat32(moments).some((value) => value !== 0)));
    const held = gpu.memory.tensors;
    const [expected, weights] = [await losses(gpu, 2), await weightsOf(gpu)];
    await gpu.load(dir);
    assert.equal(gpu.memory.tensors, held);
    assert.ok(largestDifference(await losses(gpu, 2), expected) < 1e-6);
    for (const [name, values] of await weightsOf(gpu))
      assert.ok(largestDifference(values, weights.get(name) as Float32Array) < 1e-6, name);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("an update that is cancelled changes nothing and leaves nothing", { skip: withoutWebgpu }, async () => {
  await losses(gpu, 1);
  const [before, { tensors }] = [await weightsOf(gpu), gpu.memory];
  const controller = new AbortController();
  const cancelled = gpu.update(requestOf(model), controller.signal);
  // The first micro-batch is under way by then.
  setImmediate(() => controller.abort());
  await assert.rejects(cancelled, { name: "AbortError" });
  for (const [name, values] of await weightsOf(gpu)) assert.deepEqual(values, before.get(name), name);
  await losses(gpu, 1);
  assert.equal(gpu.memory.tensors, tensors);
});

test("the reference stays what the run began with, and is sent once", { skip: withoutWebgpu }, async () => {
  const cpu = await open(model, "cpu");
  const groups = requestOf(model).groups;
  const flat = (logprobs: Float32Array[][]) => logprobs.flat().flatMap((tokens) => [...tokens]);
  await losses(gpu, 1);
  const before = gpu.memory.toDevice;
  const first = flat(await gpu.logprobs(groups, "reference", 1));
  const sent = gpu.memory.toDevice - before;
  assert.ok(largestDifference(first, flat(await cpu.logprobs(groups, "current", 1))) < 1e-3);
  assert.ok(largestDifference(first, flat(await gpu.logprobs(groups, "current", 1))) > 1e-3, "the policy has moved on");
  const again = gpu.memory.toDevice;
  await gpu.logprobs(groups, "reference", 1);
  assert.ok(gpu.memory.toDevice - again < sent / 10);
  await cpu.dispose();
});
