/** Products in float16: what rounding does to gradients, and a course of training with the scale that it needs. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { FIRST_SCALE } from "../../objectives/lossScaling.ts";
import type { FrozenForm, Lora } from "../lora.ts";
import type { PolicyEngine } from "../policyEngine.ts";
import { openSafetensors, readSafetensors, writeSafetensors } from "../safetensors.ts";
import { ADAPTER_SCALE, adapterShapes } from "./adapter/adapterParameters.ts";
import { createOnnxEngine, type OnnxEngineOptions } from "./engine.ts";
import { loadFrozen } from "./frozen/frozenWeights.ts";
import { lora } from "./frozen/testing.ts";
import { readModelConfig } from "./model/modelConfig.ts";
import { loadWeights, ownMemory } from "./model/weights.ts";
import { gradientOf } from "./policyGraphs.ts";
import { checkHalfProducts, productFault } from "./runtime/halfProducts.ts";
import { groups, objective, sample, train } from "./testing/course.ts";
import { goldenDir, relativeError } from "./testing/golden.ts";
import { graphGradients } from "./testing/goldenChecks.ts";
import type { Policy } from "./testing/goldenLogits.ts";
import { Random } from "./testing/random.ts";
import { withoutWebgpu } from "./testing/webgpu.ts";

const HALF: FrozenForm = { kind: "half" };
/** The policy that the course's groups are of. */
const model = goldenDir("untied");
let dir = "";
before(() => {
  dir = mkdtempSync(join(tmpdir(), "mixed-"));
});
after(() => rmSync(dir, { recursive: true, force: true }));

const folder = (name: string): string => {
  mkdirSync(join(dir, name));
  return join(dir, name);
};

const open = (options: Partial<OnnxEngineOptions> = {}) =>
  createOnnxEngine({
    model,
    device: "cpu",
    threads: 2,
    microBatchTokens: 40,
    precision: "f16",
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 1 },
    seed: 5,
    ...options,
  });

/** All weights trained; and an adapter, not at its start, above weights in float32 and in float16. */
function policies(): Record<string, Policy> {
  const config = readModelConfig(model);
  const random = new Random(8);
  const adapter = [...adapterShapes(config, lora)].map(
    ([name, [a, b]]) => [name, random.normals((a ?? 0) * (b ?? 0), 0.1)] as const,
  );
  const scale = [ADAPTER_SCALE, Float32Array.of(2)] as const;
  const weights = loadWeights(model, config);
  const frozen = loadFrozen(model, config, HALF, ownMemory);
  return {
    "all weights": { config, weights },
    "an adapter": { config, lora, weights: new Map([...weights, ...adapter, scale]) },
    "an adapter above float16": {
      config,
      lora: { ...lora, frozen: HALF },
      weights: new Map([...frozen, ...adapter, scale]),
    },
  };
}

test("gradients in float16 are those in float32 to its rounding, whatever is trained, at any scale that fits", async () => {
  if (objective.kind !== "grpo") throw new Error("The course's objective is GRPO's");
  for (const [what, policy] of Object.entries(policies())) {
    const expected = await graphGradients(policy, groups, objective, 0.7);
    for (const lossScale of [2 ** 6, 2 ** 10]) {
      const found = await graphGradients(policy, groups, objective, 0.7, { precision: "f16", lossScale });
      for (const [name, values] of expected) {
        if (!name.startsWith(gradientOf(""))) continue;
        const unscaled = (found.get(name) as Float32Array).map((g) => g / lossScale);
        const error = relativeError(unscaled, values);
        assert.ok(error < 2 ** -6, `${what}, ${name}: off by ${error}`);
        assert.ok(error > 1e-6, `${what}, ${name}: nothing was rounded`);
      }
    }
  }
});

test("without a scale small gradients are lost in float16, with one they are not", async () => {
  if (objective.kind !== "grpo") throw new Error("The course's objective is GRPO's");
  const policy = policies()["all weights"] as Policy;
  const tiny = groups.map((group) => ({
    ...group,
    signals: group.signals.map((signal) => ({ ...signal, weights: signal.weights.map((weight) => weight * 1e-7) })),
  }));
  const name = gradientOf("model.layers.0.mlp.down_proj.weight");
  const of = async (options: Parameters<typeof graphGradients>[4]) =>
    (await graphGradients(policy, tiny, objective, 0.7, options)).get(name) as Float32Array;
  const expected = await of({});
  assert.ok(relativeError(await of({ precision: "f16" }), expected) > 0.1);
  const scale = 2 ** 30;
  const scaled = (await of({ precision: "f16", lossScale: scale })).map((g) => g / scale);
  assert.ok(relativeError(scaled, expected) < 2 ** -6);
});

/** A checkpoint of the engine with another loss scale. */
async function withScale(engine: PolicyEngine, name: string, scale: number): Promise<string> {
  const path = folder(name);
  await engine.save(path);
  const file = join(path, "optimizer.safetensors");
  const { tensors, metadata } = readSafetensors(file);
  writeSafetensors(file, tensors, { ...metadata, lossScale: String(scale), stepsWithLossScale: "0" });
  return path;
}

const metadataIn = (path: string) => {
  using file = openSafetensors(join(path, "optimizer.safetensors"));
  return file.metadata;
};

test("a step whose gradient overflows is left out, halves the scale, and training goes on", async () => {
  const engine = await open();
  const huge = 2 ** 32;
  const start = await withScale(engine, "huge", huge);
  await engine.load(start);
  const [first] = await train(engine, 0, 1);
  assert.deepEqual(first?.lossScaling, { scale: huge, overflowed: true });
  assert.ok(Number.isFinite(first?.loss) && !Number.isFinite(first?.gradNorm));
  const skipped = folder("skipped");
  await engine.save(skipped);
  const weights = (path: string) => readFileSync(join(path, "model.safetensors"));
  assert.ok(weights(skipped).equals(weights(start)), "the weights changed");
  assert.deepEqual(metadataIn(skipped), { step: "0", lossScale: String(huge / 2), stepsWithLossScale: "0" });

  const metrics = await train(engine, 1, 32);
  const left = metrics.findIndex(({ lossScaling }) => !lossScaling?.overflowed);
  assert.ok(left > 0, `the first step that was taken is ${left}`);
  assert.equal(metrics[left]?.lossScaling?.scale, huge / 2 ** (left + 1));
  const taken = metrics.filter(({ lossScaling }) => !lossScaling?.overflowed);
  for (const { gradNorm } of taken) assert.ok(Number.isFinite(gradNorm));
  const end = folder("end");
  await engine.save(end);
  assert.ok(!weights(end).equals(weights(start)));
  assert.equal(metadataIn(end).step, String(taken.length), "a step that is left out counts in the bias corrections");
  await engine.dispose();
});

for (const [what, adapter] of [
  ["all weights", undefined],
  ["an adapter above float16", { ...lora, frozen: HALF, dropout: 0.3 }],
] as [string, Lora | undefined][]) {
  test(`${what}: a course with steps left out is the same, bit for bit, when it is cut among them`, async () => {
    const name = (part: string) => folder(`${what} ${part}`);
    const options = adapter ? { adapter } : {};
    const straight = await open(options);
    const start = await withScale(straight, `${what} start`, 2 ** 30);
    await straight.load(start);
    const expected = await train(straight, 0, 30);
    const flags = expected.map(({ lossScaling }) => lossScaling?.overflowed);
    const cut = flags.lastIndexOf(true);
    assert.ok(cut > 1 && cut < 29, `overflows end at ${cut}`);
    const ends = name("straight");
    await straight.save(ends);

    const first = await open(options);
    await first.load(start);
    const found = await train(first, 0, cut);
    const half = name("half-way");
    await first.save(half);
    await first.dispose();
    const second = await open(options);
    await second.load(half);
    found.push(...(await train(second, cut, 30)));
    const resumed = name("resumed");
    await second.save(resumed);
    assert.deepEqual(found, expected);
    const files = ["optimizer.safetensors", adapter ? "adapter_model.safetensors" : "model.safetensors"];
    for (const file of files) {
      assert.ok(readFileSync(join(ends, file)).equals(readFileSync(join(resumed, file))), file);
    }
    assert.deepEqual(await sample(second), await sample(straight));
    await Promise.all([straight.dispose(), second.dispose()]);
  });
}

test("a short course of training comes to about the loss that it comes to in float32", async () => {
  const losses = async (precision: "f32" | "f16") => {
    const engine = await open({ precision });
    const found: number[] = [];
    for (let step = 0; step < 20; step++) {
      const request = { groups, objective: { kind: "supervised" } as const, temperature: 1, learningRate: 5e-3 };
      const { loss, lossScaling } = await engine.update(request);
      assert.equal(lossScaling?.overflowed, precision === "f16" ? false : undefined);
      found.push(loss);
    }
    await engine.dispose();
    return found;
  };
  const [single, half] = [await losses("f32"), await losses("f16")];
  const [first, last] = [single[0] as number, single.at(-1) as number];
  assert.ok(last < first * 0.7, `nothing is learnt: ${first}, ${last}`);
  for (const [step, loss] of half.entries()) {
    assert.ok(
      Math.abs(loss - (single[step] as number)) < 0.02 * Math.abs(first),
      `step ${step}: ${loss}, ${single[step]}`,
    );
  }
  assert.notEqual(half.at(-1), last);
});

test("a scale that is no power of two belongs to no checkpoint of ours", async () => {
  const engine = await open();
  assert.equal(metadataIn(await withScale(engine, "first", FIRST_SCALE.scale)).lossScale, "65536");
  await assert.rejects(
    engine.load(await withScale(engine, "odd", 3)),
    /does not say which power of two its loss scale is/,
  );
  await engine.dispose();
});

test("the CPU multiplies in float16, and lets an overflow be seen", () =>
  checkHalfProducts({ name: "cpu", threads: 1 }));

test("WebGPU does too, or is refused in one sentence before a model is read", { skip: withoutWebgpu }, async () => {
  const fault = await productFault({ name: "webgpu", threads: 1 });
  if (fault === undefined) return;
  assert.equal(fault, "Program Cast requires f16 but the device does not support it");
  await assert.rejects(open({ device: "webgpu" }), {
    message: `The device "webgpu" cannot train in float16 (${fault}); set settings.optimizer.precision to "f32", or the device to "cpu".`,
  });
});
