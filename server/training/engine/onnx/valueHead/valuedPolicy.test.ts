/** The engine with a value head: where it starts, what trains it, where it is kept and where not, and that a resumed run is the run undisturbed. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import { InputError } from "../../../../../schemas/problem.ts";
import type { PpoObjective } from "../../../objectives/objective.ts";
import type { FrozenForm, Lora } from "../../lora.ts";
import type { LearningGroup, PolicyEngine, UpdateMetrics } from "../../policyEngine.ts";
import { asFloat32, readSafetensors } from "../../safetensors.ts";
import { createOnnxEngine, type OnnxEngineOptions } from "../engine.ts";
import { exportCheckpoint } from "../exporting/exportCheckpoint.ts";
import { lora as frozenLora, frozenModels } from "../frozen/testing.ts";
import { groups as course, sample } from "../testing/course.ts";
import { largestDifference } from "../testing/evaluate.ts";
import { goldenDir } from "../testing/golden.ts";
import { Random } from "../testing/random.ts";

const OBJECTIVE: PpoObjective = {
  kind: "ppo",
  clipLow: 0.2,
  clipHigh: 0.2,
  beta: 0.01,
  kl: "k3",
  entropy: 0.01,
  valueCoefficient: 0.5,
  valueClip: 0.2,
};
const lora: Lora = {
  rank: 4,
  alpha: 8,
  rankStabilized: false,
  dropout: 0.2,
  targets: ["q_proj", "v_proj", "down_proj"],
};

const random = new Random(41);
/** The course's groups, of which every other token has a value to learn. */
const groups: LearningGroup[] = course.map((group) => ({
  ...group,
  signals: group.signals.map((signal, c) => {
    const length = group.completions[c]?.length as number;
    const weights = signal.weights.map((weight, token) => (token % 2 === 0 ? weight : 0));
    return { ...signal, values: { old: random.normals(length, 0.1), targets: random.normals(length, 1, 2), weights } };
  }),
}));
const request = { groups, objective: OBJECTIVE, temperature: 0.7, learningRate: 1e-2 };
/** Nothing acts on the policy but what the value's loss sends through the states. */
const valuesAlone = {
  ...request,
  objective: { ...OBJECTIVE, beta: 0, entropy: 0 },
  groups: groups.map((group) => ({ ...group, signals: group.signals.map((signal) => ({ ...signal, advantage: 0 })) })),
};

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "valued-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (options: Partial<OnnxEngineOptions> = {}) =>
  createOnnxEngine({
    model: goldenDir("untied"),
    valueHead: true,
    device: "cpu",
    threads: 2,
    microBatchTokens: 40,
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
    seed: 3,
    ...options,
  });

function folder(name: string): string {
  mkdirSync(join(dir, name), { recursive: true });
  return join(dir, name);
}

/** Everything that a checkpoint of the engine holds of its parameters. */
async function parametersOf(engine: PolicyEngine, name: string): Promise<Map<string, Float32Array>> {
  await engine.save(folder(name));
  const files = readdirSync(join(dir, name)).filter(
    (file) => file.endsWith(".safetensors") && file !== "optimizer.safetensors",
  );
  const tensors = files.flatMap((file) => [...readSafetensors(join(dir, name, file)).tensors]);
  return new Map(tensors.map(([tensor, data]) => [tensor, asFloat32(data)]));
}

/** Names of the parameters that are not what they were. */
function changed(before: Map<string, Float32Array>, after: Map<string, Float32Array>): string[] {
  assert.deepEqual([...after.keys()].sort(), [...before.keys()].sort());
  return [...before]
    .filter(([name, values]) => largestDifference(values, after.get(name) as Float32Array) > 0)
    .map(([name]) => name);
}

test("the head starts at zero: every value is 0, and its first step moves nothing but itself", async () => {
  const [engine, plain] = [await open(), await open({ valueHead: false })];
  assert.ok((await engine.values(groups)).flat().every((values) => values.every((value) => value === 0)));
  assert.deepEqual(await engine.logprobs(groups, "current", 0.7), await plain.logprobs(groups, "current", 0.7));
  assert.equal(engine.info.trained - plain.info.trained, 32 + 1);
  assert.equal(engine.info.parameters, engine.info.trained);
  const before = await parametersOf(engine, "before");
  await engine.update(valuesAlone);
  const first = await parametersOf(engine, "first");
  assert.deepEqual(changed(before, first).sort(), ["value_head.bias", "value_head.weight"]);
  await engine.update(valuesAlone);
  assert.ok(changed(first, await parametersOf(engine, "second")).includes("model.layers.0.mlp.up_proj.weight"));
  await Promise.all([engine.dispose(), plain.dispose()]);
});

test("values are learnt: their loss falls, and what an update says of them is what they were before it", async () => {
  const engine = await open();
  const losses: number[] = [];
  for (let step = 0; step < 8; step++) {
    const expected = await engine.values(groups);
    const { values, valueLoss } = await engine.update({
      ...valuesAlone,
      objective: { ...valuesAlone.objective, valueClip: 10 },
    });
    for (const [g, completions] of (values as Float32Array[][]).entries()) {
      for (const [c, found] of completions.entries())
        assert.ok(largestDifference(found, expected[g]?.[c] as Float32Array) < 1e-5);
    }
    losses.push(valueLoss as number);
  }
  assert.ok((losses.at(-1) as number) < 0.7 * (losses[0] as number), `${losses}`);
  await engine.dispose();
});

test("the head has a learning rate of its own", async () => {
  const engine = await open();
  const before = await parametersOf(engine, "before");
  await engine.update({ ...request, learningRate: 0, valueLearningRate: 1e-2 });
  const head = await parametersOf(engine, "head");
  assert.deepEqual(changed(before, head).sort(), ["value_head.bias", "value_head.weight"]);
  // AdamW's first step is as long as the rate, in the direction of the gradient.
  for (const value of head.get("value_head.weight") as Float32Array) assert.ok(Math.abs(Math.abs(value) - 1e-2) < 1e-4);
  await engine.update({ ...request, learningRate: 1e-2, valueLearningRate: 0 });
  const policy = changed(head, await parametersOf(engine, "policy"));
  assert.ok(policy.length > 5 && policy.every((name) => !name.startsWith("value_head")), `${policy}`);
  await engine.dispose();
});

test("other objectives leave the head and its moments as they are", async () => {
  const engine = await open({
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 1 },
  });
  await engine.update(request);
  const before = await parametersOf(engine, "before");
  await engine.update({ ...request, objective: { kind: "supervised" } });
  await engine.update({ ...request, objective: { ...OBJECTIVE, kind: "grpo" } });
  const after = changed(before, await parametersOf(engine, "after"));
  assert.ok(after.length > 5 && after.every((name) => !name.startsWith("value_head")), `${after}`);
  const moments = ["before", "after"].map((name) => readSafetensors(join(dir, name, "optimizer.safetensors")).tensors);
  for (const kind of ["m", "v"]) {
    const [a, b] = moments.map((tensors) => asFloat32(tensors.get(`${kind}.value_head.weight`) as never));
    assert.ok((a as Float32Array).some((value) => value !== 0));
    assert.deepEqual(a, b);
  }
  await engine.dispose();
});

test("values and an update with them are the same however they are cut and packed", async () => {
  const [one, many] = [await open({ microBatchTokens: 4096 }), await open({ microBatchTokens: 4096 })];
  await many.limit({ microBatchTokens: 30, maxSequences: 4 });
  for (let step = 0; step < 3; step++) {
    const [a, b] = [await one.update(request), await many.update(request)];
    assert.ok(b.microBatches > a.microBatches);
    assert.ok(Math.abs((a.valueLoss as number) - (b.valueLoss as number)) < 1e-5);
    assert.ok(Math.abs(a.gradNorm / b.gradNorm - 1) < 1e-4);
  }
  const flat = (values: Float32Array[][]) => values.flat().flatMap((tokens) => [...tokens]);
  assert.ok(largestDifference(flat(await one.values(groups)), flat(await many.values(groups))) < 1e-3);
  await Promise.all([one.dispose(), many.dispose()]);
});

test("gradient checkpointing changes no bit of what is learnt", async () => {
  const [kept, again] = [await open(), await open({ checkpointing: true })];
  for (let step = 0; step < 3; step++) {
    const [a, b] = [await kept.update(request), await again.update(request)];
    assert.deepEqual({ ...a, milliseconds: 0 }, { ...b, milliseconds: 0 });
  }
  assert.deepEqual(await again.values(groups), await kept.values(groups));
  await Promise.all([kept.dispose(), again.dispose()]);
});

const blocks: FrozenForm = { kind: "blocks", block: 16 };
const models = frozenModels(blocks);
test.after(() => models.remove());

const kinds: [string, Partial<OnnxEngineOptions>, string][] = [
  ["all weights", {}, "model.safetensors"],
  ["an adapter with dropout", { adapter: lora }, "adapter_model.safetensors"],
  [
    "an adapter above blocks of 4 bits",
    { adapter: { ...frozenLora, frozen: blocks }, model: models.original },
    "adapter_model.safetensors",
  ],
];
for (const [name, options, file] of kinds) {
  test(`${name}: six updates are three, a checkpoint, and three more, bit for bit, head and moments included`, async () => {
    const learn = async (engine: PolicyEngine, from: number, to: number): Promise<UpdateMetrics[]> => {
      const metrics: UpdateMetrics[] = [];
      for (let step = from; step < to; step++) {
        const part = groups.filter((_, index) => index % 2 === step % 2);
        const rates = { learningRate: 1e-2 / (1 + step), valueLearningRate: 0.1 };
        metrics.push({ ...(await engine.update({ ...request, ...rates, groups: part })), milliseconds: 0 });
      }
      return metrics;
    };
    const straight = await open(options);
    const expected = await learn(straight, 0, 6);
    await straight.save(folder("straight"));
    const first = await open(options);
    const found = await learn(first, 0, 3);
    await first.save(folder("half-way"));
    await first.dispose();
    const second = await open(options);
    await second.load(join(dir, "half-way"));
    found.push(...(await learn(second, 3, 6)));
    await second.save(folder("resumed"));
    assert.deepEqual(found, expected);
    for (const part of [file, "optimizer.safetensors", "value_head.safetensors"]) {
      const [a, b] = ["straight", "resumed"].map((run) => readFileSync(join(dir, run, part))) as [Buffer, Buffer];
      assert.ok(a.equals(b), part);
      assert.ok(!a.equals(readFileSync(join(dir, "half-way", part))), `${part} did not change in three steps`);
    }
    const moments = [...readSafetensors(join(dir, "resumed", "optimizer.safetensors")).tensors.keys()];
    assert.ok(moments.includes("m.value_head.weight") && moments.includes("v.value_head.bias"), `${moments}`);
    assert.deepEqual(await second.values(groups), await straight.values(groups));
    assert.deepEqual(await sample(second), await sample(straight));
    await Promise.all([straight.dispose(), second.dispose()]);
  });
}

test("nothing that is exported has the head, whichever way it is written", async () => {
  const [whole, adapted] = [await open(), await open({ adapter: lora })];
  await whole.update(request);
  await whole.save(folder("whole"));
  await whole.exportModel(folder("model"), "f32");
  await adapted.update(request);
  await adapted.save(folder("adapted"));
  await adapted.exportAdapter(folder("adapter"));
  await adapted.exportModel(folder("merged"), "bf16");
  const common = { model: goldenDir("untied"), dtype: "f32" } as const;
  exportCheckpoint(folder("late"), { ...common, checkpoint: join(dir, "whole"), as: "safetensors" });
  const late = { ...common, adapter: lora, checkpoint: join(dir, "adapted") };
  exportCheckpoint(folder("late-adapter"), { ...late, as: "adapter" });
  exportCheckpoint(folder("late-graph"), { ...late, as: "onnx" });
  for (const name of ["model", "adapter", "merged", "late", "late-adapter", "late-graph"]) {
    const files = readdirSync(join(dir, name), { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    assert.ok(files.length > 0);
    for (const file of files) {
      const bytes = readFileSync(join(file.parentPath, file.name));
      assert.ok(!file.name.includes("value_head") && !bytes.includes("value_head."), `${name}/${file.name}`);
    }
  }
  await Promise.all([whole.dispose(), adapted.dispose()]);
});

test("a checkpoint without a head is refused, and so is the head of another policy; the engine stays as it was", async () => {
  const [engine, plain] = [await open(), await open({ valueHead: false })];
  await engine.update(request);
  const before = await parametersOf(engine, "before");
  await plain.save(folder("plain"));
  await assert.rejects(engine.load(join(dir, "plain")), (error) => {
    assert.ok(error instanceof InputError);
    assert.equal(
      error.message,
      "The checkpoint has no value head: the run that wrote it trained none; start a new run.",
    );
    return true;
  });
  const other = await createOnnxEngine({ ...optionsOf("smollm2"), valueHead: true });
  await other.save(folder("other"));
  await assert.rejects(engine.load(join(dir, "other")), /value head does not fit the policy: tensor value_head.weight/);
  assert.deepEqual(changed(before, await parametersOf(engine, "after")), []);
  await Promise.all([engine.dispose(), plain.dispose(), other.dispose()]);
});

const optionsOf = (model: string): OnnxEngineOptions => ({
  model: goldenDir(model),
  device: "cpu",
  threads: 1,
  microBatchTokens: 40,
  optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
});

test("an engine without a head has no values and cannot learn any; what a signal lacks is said with its place", async () => {
  const [engine, plain] = [await open(), await createOnnxEngine(optionsOf("untied"))];
  await assert.rejects(plain.values(groups), { name: "RangeError", message: /opened without a value head/ });
  await assert.rejects(plain.update(request), { name: "RangeError", message: /opened without a value head/ });
  await assert.rejects(engine.values(groups, AbortSignal.abort()), { name: "AbortError" });
  await assert.rejects(engine.update({ ...request, groups: course }), {
    name: "RangeError",
    message: /The objective needs oldValues, which completion \d of group \d has not/,
  });
  const [{ signals = [], ...group } = {}] = groups as [LearningGroup];
  const long = signals.map((signal) => ({ ...signal, weights: new Float32Array(99) }));
  await assert.rejects(engine.update({ ...request, groups: [{ ...group, signals: long } as LearningGroup] }), {
    name: "RangeError",
    message: /There are 99 weights for the \d+ tokens of completion \d of group 0/,
  });
  await Promise.all([engine.dispose(), plain.dispose()]);
});
