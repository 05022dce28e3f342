/** The engine with an adapter: where it starts, what it leaves alone, and that a resumed run is the run undisturbed. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import { InputError } from "../../../../../schemas/problem.ts";
import { assertRejectsInertly, BAD_NAMES } from "../../../../toolcalls/testing/names.ts";
import type { Lora } from "../../lora.ts";
import { asFloat32, readSafetensors, type TensorData, writeSafetensors } from "../../safetensors.ts";
import { createOnnxEngine } from "../engine.ts";
import { readModelConfig } from "../model/modelConfig.ts";
import { loadWeights } from "../model/weights.ts";
import { updateGraph } from "../policyGraphs.ts";
import { groups, objective, sample, train } from "../testing/course.ts";
import { goldenDir } from "../testing/golden.ts";
import { adapterShapes } from "./adapterParameters.ts";

const lora: Lora = {
  rank: 4,
  alpha: 8,
  rankStabilized: false,
  dropout: 0,
  targets: ["q_proj", "v_proj", "o_proj", "down_proj"],
};

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "adapted-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

interface Options {
  adapter?: Lora;
  threads?: number;
  microBatchTokens?: number;
  model?: string;
  seed?: number;
}

function open({ threads = 2, microBatchTokens = 40, model = goldenDir("untied"), ...rest }: Options = {}) {
  return createOnnxEngine({
    model,
    device: "cpu",
    threads,
    microBatchTokens,
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 1 },
    ...rest,
  });
}

function folder(name: string): string {
  mkdirSync(join(dir, name));
  return join(dir, name);
}

test("a new adapter leaves the policy as it is, to the last bit, and is drawn as PEFT draws it", async () => {
  const [plain, adapted] = [await open(), await open({ adapter: { ...lora, dropout: 0.5 }, seed: 3 })];
  assert.deepEqual(
    await adapted.logprobs(groups, "current", 0.7),
    await plain.logprobs(groups, "current", 0.7),
    "B is zero",
  );
  assert.deepEqual(await sample(adapted), await sample(plain));
  await adapted.save(folder("start"));
  const { tensors } = readSafetensors(join(dir, "start", "adapter_model.safetensors"));
  for (const [name, tensor] of tensors) {
    const values = asFloat32(tensor);
    if (name.includes("lora_B")) {
      assert.ok(values.every((value) => value === 0));
      continue;
    }
    const bound = 1 / Math.sqrt(tensor.shape[1] as number);
    assert.ok(values.every((value) => Math.abs(value) <= bound));
    // Of a uniform distribution over ±bound: variance bound²/3. Over 128 values or more its estimate is well within a third.
    const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    assert.ok(Math.abs((3 * variance) / bound ** 2 - 1) < 1 / 3, `${name}: ${variance}`);
  }
  await plain.dispose();
  await adapted.dispose();
});

test("the reference is the policy without its adapter, whatever was learnt", async () => {
  const [plain, adapted] = [await open(), await open({ adapter: lora })];
  const start = await plain.logprobs(groups, "current", 0.7);
  await train(adapted, 0, 3);
  assert.deepEqual(await adapted.logprobs(groups, "reference", 0.7), start);
  assert.notDeepEqual(await adapted.logprobs(groups, "current", 0.7), start);
  await plain.dispose();
  await adapted.dispose();
});

test("only the adapter is trained, saved and given moments; the update's graph makes no gradient of a weight", async () => {
  const engine = await open({ adapter: lora });
  await train(engine, 0, 1);
  await engine.save(folder("saved"));
  assert.deepEqual(readdirSync(join(dir, "saved")).sort(), [
    "adapter_config.json",
    "adapter_model.safetensors",
    "optimizer.safetensors",
  ]);
  const config = readModelConfig(goldenDir("untied"));
  const shapes = adapterShapes(config, lora);
  const size = [...shapes.values()].reduce((sum, [a, b]) => sum + (a ?? 0) * (b ?? 0), 0);
  const base = [...loadWeights(goldenDir("untied"), config).values()].reduce((sum, { length }) => sum + length, 0);
  assert.equal(engine.info.trained, size);
  assert.equal(engine.info.parameters, base + size);
  const moments = [...readSafetensors(join(dir, "saved", "optimizer.safetensors")).tensors.keys()];
  assert.deepEqual(moments.sort(), [...shapes.keys()].flatMap((name) => [`m.${name}`, `v.${name}`]).sort());
  await engine.dispose();

  const graph = updateGraph(config, objective, "cpu", { lora });
  const gradients = [...graph.outputs.keys()].filter((name) => name.startsWith("gradient:"));
  assert.deepEqual(
    gradients,
    [...shapes.keys()].map((name) => `gradient:${name}`),
  );
  const weights = [...loadWeights(goldenDir("untied"), config).values()].map(({ length }) => length);
  const large = Math.min(...weights.filter((length) => length > 200));
  for (const value of graph.outputs.values()) {
    if (!value.shape.every((dim) => typeof dim === "number")) continue;
    assert.ok((value.shape as number[]).reduce((a, b) => a * b, 1) < large, `${value.name} is as large as a weight`);
  }
});

for (const dropout of [0, 0.4]) {
  for (const threads of [1, 2]) {
    test(`six updates are three, a checkpoint, and three more, bit for bit (dropout ${dropout}, ${threads} threads)`, async () => {
      const options = { adapter: { ...lora, dropout }, threads, seed: 11 };
      const straight = await open(options);
      const expected = await train(straight, 0, 6);
      await straight.save(folder("straight"));

      const first = await open(options);
      const found = await train(first, 0, 3);
      await first.save(folder("half-way"));
      await first.dispose();
      const second = await open({ ...options, seed: 11 });
      await second.load(join(dir, "half-way"));
      found.push(...(await train(second, 3, 6)));
      await second.save(folder("resumed"));

      assert.deepEqual(found, expected);
      for (const name of ["adapter_model.safetensors", "optimizer.safetensors"]) {
        const [a, b] = ["straight", "resumed"].map((run) => readFileSync(join(dir, run, name))) as [Buffer, Buffer];
        assert.ok(a.equals(b), name);
        assert.ok(!a.equals(readFileSync(join(dir, "half-way", name))), `${name} did not change in three steps`);
      }
      assert.deepEqual(await sample(second), await sample(straight));
      await straight.dispose();
      await second.dispose();
    });
  }
}

test("dropout changes an update, by its seed, and neither scoring nor what micro-batches it is cut into", async () => {
  const adapter = { ...lora, dropout: 0.4 };
  const learnt = async (options: Options) => {
    const engine = await open(options);
    const metrics = await train(engine, 0, 3);
    const scores = await engine.logprobs(groups, "current", 0.7);
    assert.deepEqual(await engine.logprobs(groups, "current", 0.7), scores, "scoring is without noise");
    await engine.dispose();
    return { losses: metrics.map(({ loss }) => loss), microBatches: metrics.map(({ microBatches }) => microBatches) };
  };
  const [one, cut, other, none] = [
    await learnt({ adapter, seed: 1, microBatchTokens: 4096 }),
    await learnt({ adapter, seed: 1, microBatchTokens: 30 }),
    await learnt({ adapter, seed: 2, microBatchTokens: 4096 }),
    await learnt({ adapter: lora, seed: 1, microBatchTokens: 4096 }),
  ];
  assert.ok((cut.microBatches[0] as number) > (one.microBatches[0] as number));
  // The first update has B = 0: what A is given makes no difference to its loss.
  for (const step of [1, 2]) {
    const loss = one.losses[step] as number;
    assert.ok(Math.abs((cut.losses[step] as number) - loss) < 1e-4, "rounding alone");
    assert.ok(Math.abs((other.losses[step] as number) - loss) > 1e-4);
    assert.ok(Math.abs((none.losses[step] as number) - loss) > 1e-4);
  }
});

test("a checkpoint is refused beside other weights, and accepted where the same ones have moved", async () => {
  const engine = await open({ adapter: lora });
  await engine.save(folder("saved"));
  await engine.dispose();
  cpSync(goldenDir("untied"), join(dir, "moved"), { recursive: true });
  const moved = await open({ adapter: lora, model: join(dir, "moved") });
  await moved.load(join(dir, "saved"));
  await moved.dispose();

  const file = join(dir, "moved", "model.safetensors");
  const tensors = new Map(readSafetensors(file).tensors);
  const norm = tensors.get("model.norm.weight") as TensorData;
  tensors.set("model.norm.weight", { ...norm, data: asFloat32(norm).map((value) => value * 1.5) });
  writeSafetensors(file, tensors);
  const other = await open({ adapter: lora, model: join(dir, "moved") });
  await assert.rejects(
    () => other.load(join(dir, "saved")),
    (error) => error instanceof InputError && /trained on other weights \(then in .*untied\)/.test(error.message),
  );
  const adapter = join(dir, "saved", "adapter_model.safetensors");
  for (const bad of BAD_NAMES) {
    const metadata = { base_model: bad.name, base_model_sha256: "0" };
    writeSafetensors(adapter, readSafetensors(adapter).tensors, metadata);
    await assertRejectsInertly(bad, () => other.load(join(dir, "saved")));
  }
  await other.dispose();
});

test("a policy without an adapter exports none", async () => {
  const engine = await open();
  await assert.rejects(() => engine.exportAdapter(join(dir, "none")), RangeError);
  await engine.dispose();
});
