/** Weights in other forms than float32 on WebGPU: they live there as bytes, and updates and samples agree with the CPU's. */
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import type { Lora } from "../../lora.ts";
import type { Completion, LearningGroup } from "../../policyEngine.ts";
import { createOnnxEngine } from "../engine.ts";
import { groups, objective } from "../testing/course.ts";
import { largestDifference } from "../testing/evaluate.ts";
import { relativeError } from "../testing/golden.ts";
import { weightsOf } from "../testing/twoDevices.ts";
import { withoutWebgpu } from "../testing/webgpu.ts";
import { frozenSizes } from "./frozenParameters.ts";
import { deviceFault } from "./kernels.ts";
import { FORMS, type FrozenModels, frozenModels, lora } from "./testing.ts";

let models: FrozenModels;
before(() => {
  models = frozenModels({ kind: "half" });
});
after(() => models.remove());

const open = (device: "cpu" | "webgpu", adapter: Lora) =>
  createOnnxEngine({
    model: models.original,
    adapter,
    seed: 4,
    device,
    threads: 2,
    microBatchTokens: 40,
    // A large ε: the step then follows the gradient's size too, not its sign alone.
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 0.1, weightDecay: 0.1, maxGradNorm: 1 },
  });

/** Little work, since the tests' driver computes on the CPU. */
const few = groups.slice(0, 2).map(
  ({ prompt, completions, signals }): LearningGroup => ({
    prompt: prompt.slice(-4),
    completions: completions.slice(0, 2),
    signals: signals.slice(0, 2),
  }),
);

for (const { frozen, called } of FORMS) {
  const frozenLora: Lora = { ...lora, frozen };
  /** Why this device cannot be tested: a driver need not have 16-bit floats. */
  const lacking = async () => (await deviceFault({ name: "webgpu", threads: 1 }, frozen)) ?? "";

  test(`${called}: two updates on WebGPU, and what is sampled after them, agree with the CPU to 1e-3`, {
    skip: withoutWebgpu,
  }, async (t) => {
    const lack = await lacking();
    if (lack !== "") return t.skip(lack);
    const [cpu, gpu] = [await open("cpu", frozenLora), await open("webgpu", frozenLora)];
    const start = await weightsOf(cpu);
    // The first leaves A as it is, since B is zero.
    for (let step = 0; step < 2; step++) {
      const request = { groups: few, objective, temperature: 0.8, learningRate: 1e-2 };
      const [expected, found] = [await cpu.update(request), await gpu.update(request)];
      assert.ok(Math.abs(found.loss - expected.loss) < 1e-3 * Math.max(1, Math.abs(expected.loss)));
      assert.ok(Math.abs(found.gradNorm / expected.gradNorm - 1) < 1e-3, `${found.gradNorm}, ${expected.gradNorm}`);
    }
    const [onCpu, onGpu] = [await weightsOf(cpu), await weightsOf(gpu)];
    for (const [name, before] of start) {
      const changed = (after: Float32Array) => after.map((value, i) => value - (before[i] as number));
      const step = changed(onCpu.get(name) as Float32Array);
      assert.ok(Math.hypot(...step) > 0, name);
      const error = relativeError(changed(onGpu.get(name) as Float32Array), step);
      assert.ok(error < 1e-3 || Math.hypot(...step) < 1e-5, `${name}: the step is off by ${error}`);
    }
    const prompts = few.map(({ prompt }, sample) => ({ tokens: prompt, key: { seed: 3, step: 1, sample } }));
    for await (const { prompt, tokens, logprobs } of gpu.generate(prompts, 2, { temperature: 0.8, maxNewTokens: 4 })) {
      const drawn = [{ prompt: prompts[prompt]?.tokens ?? new Int32Array(), completions: [tokens] }];
      const [scored] = (await cpu.logprobs(drawn, "current", 0.8)).flat() as [Completion["logprobs"]];
      assert.ok(largestDifference(logprobs, scored) < 1e-3);
    }
    await Promise.all([cpu.dispose(), gpu.dispose()]);
  });

  test(`${called}: on the device weights take their bytes and nothing whole is left there`, {
    skip: withoutWebgpu,
  }, async (t) => {
    const lack = await lacking();
    if (lack !== "") return t.skip(lack);
    const bytes = async (adapter: Lora) => {
      const engine = await open("webgpu", adapter);
      await engine.logprobs(few, "current", 1);
      const held = engine.memory.bytes;
      await engine.dispose();
      return held;
    };
    const { numbers, bytes: kept } = frozenSizes(models.config, frozen);
    assert.equal((await bytes(lora)) - (await bytes(frozenLora)), 4 * numbers - kept);
  });
}
