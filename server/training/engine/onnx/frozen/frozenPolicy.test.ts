/** A policy whose projections are kept in another form than float32 is, in every graph, the policy of the weights that they stand for. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before, describe } from "node:test";
import { InputError } from "../../../../../schemas/problem.ts";
import { type SamplerGap, samplerGap } from "../../../objectives/samplerGap.ts";
import { type Lora, scaleOf } from "../../lora.ts";
import { ADAPTER_SCALE, adapterShapes } from "../adapter/adapterParameters.ts";
import { createOnnxEngine, type OnnxEngineOptions } from "../engine.ts";
import { type Inputs, loadWeights, ownMemory } from "../model/weights.ts";
import { gradientOf, updateGraph } from "../policyGraphs.ts";
import { groups, objective, sample, train } from "../testing/course.ts";
import { relativeError } from "../testing/golden.ts";
import { graphGradients } from "../testing/goldenChecks.ts";
import { type Distributions, decodedLogprobs, type Policy, trainingLogits } from "../testing/goldenLogits.ts";
import { Random } from "../testing/random.ts";
import { loadFrozen } from "./frozenWeights.ts";
import { FORMS, type FrozenModels, frozenModels, lora } from "./testing.ts";

for (const { frozen, called, lost } of FORMS) {
  describe(called, () => {
    const frozenLora: Lora = { ...lora, frozen };
    let models: FrozenModels;
    let dir = "";
    before(() => {
      models = frozenModels(frozen);
      dir = mkdtempSync(join(tmpdir(), "frozen-"));
    });
    after(() => {
      models.remove();
      rmSync(dir, { recursive: true, force: true });
    });

    /** The policy with an adapter that is not at its start: in that form, with the numbers that it stands for, and with its own. */
    function policies(): { kept: Policy; rounded: Policy; original: Policy } {
      const { config } = models;
      const random = new Random(8);
      const adapter = new Map(
        [...adapterShapes(config, lora)].map(([name, [a, b]]) => [name, random.normals((a ?? 0) * (b ?? 0), 0.1)]),
      );
      const scale = Float32Array.of(scaleOf(lora));
      const policy = (base: Inputs, of: Lora): Policy => ({
        config,
        lora: of,
        weights: new Map([...base, ...adapter, [ADAPTER_SCALE, scale]]),
      });
      return {
        kept: policy(loadFrozen(models.original, config, frozen, ownMemory), frozenLora),
        rounded: policy(loadWeights(models.rounded, config), lora),
        original: policy(loadWeights(models.original, config), lora),
      };
    }

    test("logits are those of what the weights stand for, to 1e-4, and not those of the weights themselves", async () => {
      const { kept, rounded, original } = policies();
      const found = await trainingLogits(kept, groups);
      assert.ok(farthest(found, await trainingLogits(rounded, groups)) < 1e-4);
      const moved = farthest(found, await trainingLogits(original, groups));
      assert.ok(moved > lost, `the form loses nothing: the case tests nothing (${moved})`);
    });

    test("so are the distributions of prefilling and decoding step by step", async () => {
      const { kept, rounded } = policies();
      const [expected, found] = [await decodedLogprobs(rounded, groups), await decodedLogprobs(kept, groups)];
      assert.ok(farthest(found, expected) < 1e-4);
    });

    test("gradients of the adapter are the same to 1e-4, and nothing else has one", async () => {
      const { kept, rounded } = policies();
      if (objective.kind !== "grpo") throw new Error("The course's objective is GRPO's");
      const expected = await graphGradients(rounded, groups, objective, 0.7);
      const found = await graphGradients(kept, groups, objective, 0.7);
      for (const name of adapterShapes(models.config, lora).keys()) {
        const values = expected.get(gradientOf(name)) as Float32Array;
        assert.ok(Math.hypot(...values) > 0, name);
        const error = relativeError(found.get(gradientOf(name)) as Float32Array, values);
        assert.ok(error < 1e-4, `${name}: ${error}`);
      }
      const graph = updateGraph(models.config, objective, "cpu", { lora: frozenLora });
      const gradients = [...graph.outputs.keys()].filter((name) => name.startsWith(gradientOf("")));
      assert.deepEqual(
        gradients,
        [...adapterShapes(models.config, lora).keys()].map((name) => gradientOf(name)),
      );
    });

    const engineOf = (options: Partial<OnnxEngineOptions> = {}) =>
      createOnnxEngine({ ...ENGINE, model: models.original, adapter: frozenLora, ...options });

    /** How far sampling is from training after two updates. */
    async function gapOf(options: Partial<OnnxEngineOptions>): Promise<SamplerGap> {
      const engine = await engineOf(options);
      await train(engine, 0, 2);
      const completions = await sample(engine);
      const drawn = groups.map(({ prompt }, index) => ({
        prompt,
        completions: completions.filter((completion) => completion.prompt === index).map(({ tokens }) => tokens),
      }));
      const trained = (await engine.logprobs(drawn, "current", 0.7)).flat();
      await engine.dispose();
      const twice = completions.map(({ logprobs: sampler }, i) => ({ sampler, trainer: trained[i] as Float32Array }));
      return samplerGap(twice) as SamplerGap;
    }

    test("sampling and training agree on log-probabilities as far as they do in float32", async () => {
      const whole = await gapOf({ model: models.rounded, adapter: lora });
      const kept = await gapOf({});
      assert.ok(whole.samplerGapMax < 1e-4);
      for (const measure of ["samplerGapMean", "samplerGapMax"] as const) {
        assert.ok(kept[measure] < 3 * whole[measure], `${measure}: ${kept[measure]}, ${whole[measure]} in float32`);
      }
    });

    test("training leaves the weights as they are: the reference's scores do not change, and the policy's do", async () => {
      const engine = await engineOf();
      const start = await engine.logprobs(groups, "reference", 0.7);
      assert.deepEqual(await engine.logprobs(groups, "current", 0.7), start, "B is zero");
      await train(engine, 0, 3);
      assert.deepEqual(await engine.logprobs(groups, "reference", 0.7), start);
      assert.notDeepEqual(await engine.logprobs(groups, "current", 0.7), start);
      await engine.dispose();
    });

    for (const checkpointing of [false, true]) {
      test(`six updates are three, a checkpoint, and three more, bit for bit${checkpointing ? ", with gradient checkpointing" : ""}`, async () => {
        const folder = (name: string) => {
          const path = join(dir, `${name}-${checkpointing}`);
          mkdirSync(path);
          return path;
        };
        const [straightly, halfWay, resumed] = [folder("straight"), folder("half-way"), folder("resumed")];
        const options = { checkpointing, adapter: { ...frozenLora, dropout: 0.3 } };
        const straight = await engineOf(options);
        const expected = await train(straight, 0, 6);
        await straight.save(straightly);
        const first = await engineOf(options);
        const found = await train(first, 0, 3);
        await first.save(halfWay);
        await first.dispose();
        const second = await engineOf(options);
        await second.load(halfWay);
        found.push(...(await train(second, 3, 6)));
        await second.save(resumed);
        assert.deepEqual(found, expected);
        for (const name of ["adapter_model.safetensors", "optimizer.safetensors"]) {
          const [a, b] = [straightly, resumed].map((run) => readFileSync(join(run, name))) as [Buffer, Buffer];
          assert.ok(a.equals(b), name);
          assert.ok(!a.equals(readFileSync(join(halfWay, name))), `${name} did not change in three steps`);
        }
        assert.deepEqual(await sample(second), await sample(straight));
        await Promise.all([straight.dispose(), second.dispose()]);
      });
    }
  });
}

const ENGINE = {
  device: "cpu",
  threads: 2,
  microBatchTokens: 40,
  optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 1 },
  seed: 5,
} as const;

function farthest(a: Distributions, b: Distributions): number {
  const numbers = (rows: Distributions) => rows.flat(2).flatMap((row) => [...row]);
  const [left, right] = [numbers(a), numbers(b)];
  assert.ok(left.length > 0 && left.length === right.length);
  return Math.max(...left.map((value, i) => Math.abs(value - (right[i] as number))));
}

test("blocks that do not fit the policy are refused in one sentence, with a size that does", async () => {
  const models = frozenModels({ kind: "half" });
  const adapter: Lora = { ...lora, frozen: { kind: "blocks", block: 64 } };
  await assert.rejects(
    createOnnxEngine({ ...ENGINE, model: models.original, adapter }),
    (error) =>
      error instanceof InputError &&
      error.message ===
        "The policy's model.layers.0.self_attn.q_proj.weight has 64 inputs, which are no even number of blocks of 64; set settings.adapter.block to 16.",
  );
  models.remove();
});
