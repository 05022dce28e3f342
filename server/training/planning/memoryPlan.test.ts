import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { PRESETS } from "../../../schemas/presets.ts";
import { resolveSettings } from "../../../schemas/settings.ts";
import type { ModelConfig } from "../engine/onnx/model/modelConfig.ts";
import { tinyConfig } from "../engine/onnx/testing/tinyPolicy.ts";
import { lowers, planMemory } from "./memoryPlan.ts";

const GIB = 2 ** 30;

/** Qwen2.5-0.5B. */
const half: ModelConfig = tinyConfig(true, {
  vocabulary: 151_936,
  hidden: 896,
  layers: 24,
  heads: 14,
  keyValueHeads: 2,
  headSize: 64,
  intermediate: 4864,
  maxPositions: 32_768,
});

type Asked = Parameters<typeof planMemory>[0];

const experiment = (changes: Partial<Asked> = {}): Asked => ({
  preset: "grpo",
  settings: resolveSettings({ preset: "grpo", scale: "single-gpu" }),
  file: "e.json",
  threads: 2,
  ...changes,
});
const plan = (gib: number, asked = experiment(), prompt = 1000) =>
  planMemory(asked, half, { prompt }, { host: gib * GIB });

test("where there is memory enough, the preset's numbers stay", () => {
  const { microBatchTokens, maxSequences, memory } = plan(1000);
  const { optimizer, sampling } = experiment().settings;
  assert.deepEqual(
    { microBatchTokens, maxSequences },
    { microBatchTokens: optimizer.microBatchTokens, maxSequences: sampling.maxSequences },
  );
  assert.match(memory, /^It is reckoned to need \d+\.\d GiB of the 1000\.0 GiB of memory that are free/);
});

test("every preset's micro scale keeps its numbers on a small machine: what it gives does not hang on memory", () => {
  const micro = tinyConfig(true, {
    vocabulary: 2048,
    hidden: 256,
    layers: 6,
    heads: 8,
    keyValueHeads: 2,
    headSize: 32,
    intermediate: 768,
    maxPositions: 1024,
  });
  for (const preset of Object.keys(PRESETS) as (keyof typeof PRESETS)[]) {
    const asked = { preset, settings: resolveSettings({ preset, scale: "micro" }), file: "e.json", threads: 2 };
    assert.equal(lowers(planMemory(asked, micro, { prompt: 384 }, { host: 8 * GIB }), asked), false, preset);
  }
});

test("less memory never means more at once, and the plan never needs more than there is", () => {
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 400 }), fc.integer({ min: 1, max: 100 }), (gib, more) => {
      const tried = (size: number) => {
        try {
          return plan(size);
        } catch {
          return undefined;
        }
      };
      const [small, large] = [tried(gib), tried(gib + more)];
      if (small === undefined) return;
      assert.ok(large !== undefined && large.microBatchTokens >= small.microBatchTokens);
      assert.ok(large.maxSequences >= small.maxSequences);
      const [, needed] = /need (\d+\.\d) GiB/.exec(small.memory) ?? [];
      assert.ok(Number(needed) <= gib, small.memory);
    }),
    { seed: 7, numRuns: 60 },
  );
});

test("what the file sets is left as it is, and named where it does not fit", () => {
  const set = experiment({ set: ["microBatchTokens", "maxSequences"] });
  assert.throws(() => plan(60, set), {
    name: "InputError",
    message:
      /^The run needs about \d+\.\d GiB of memory, and may take 54\.0 GiB of the 60\.0 GiB that are free: .*settings\.optimizer\.microBatchTokens \d+ \(then \d+\.\d GiB\)/,
    place: { file: "e.json", key: "settings" },
  });
  assert.ok(plan(60).microBatchTokens < 16384);
});

test("what cannot fit at all is refused with three settings that would help, in one sentence", () => {
  const refused = (gib: number): string => {
    try {
      plan(gib);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };
  const message = refused(16);
  assert.equal(message.match(/settings\./g)?.length, 3, message);
  assert.match(message, /settings\.lengths\.response/);
  assert.doesNotMatch(message, /\. [A-Z]/);
  assert.match(refused(1), /no setting alone makes it fit/);
});

test("a setting that is named as one that fits does fit", () => {
  const set = experiment({ set: ["microBatchTokens"] });
  const message = (() => {
    try {
      plan(60, set);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  })();
  const tokens = Number(/microBatchTokens (\d+)/.exec(message)?.[1]);
  const { settings } = set;
  const mended = { ...set, settings: { ...settings, optimizer: { ...settings.optimizer, microBatchTokens: tokens } } };
  assert.equal(plan(60, mended).microBatchTokens, tokens);
});

test("a graphics card that is smaller than the machine decides, and is named", () => {
  // Weights, reference, moments and gradients of all of Qwen2.5-0.5B: what one completion computes with comes on top.
  const with30 = planMemory(experiment(), half, { prompt: 1000 }, { host: 1000 * GIB, card: 30 * GIB });
  assert.ok(with30.microBatchTokens < 16384);
  assert.match(with30.memory, /of the 30\.0 GiB of the graphics card's memory/);
  const byCuda = planMemory(experiment(), half, { prompt: 1000 }, { host: 1000 * GIB, card: 80 * GIB, device: "cuda" });
  assert.match(byCuda.memory, /of the 80\.0 GiB of the graphics card's memory/);
  const unknown = planMemory(experiment(), half, { prompt: 1000 }, { host: 1000 * GIB, device: "webgpu" });
  assert.match(unknown.memory, /; what its graphics card has is unknown, and was not reckoned with\.$/);
  const tiny = { host: 1000 * GIB, card: 2 * GIB };
  assert.throws(() => planMemory(experiment(), half, { prompt: 1000 }, tiny), {
    message: /of the graphics card's memory, and may take 1\.8 GiB of the 2\.0 GiB that are free/,
  });
});

test("what is halved is what saves: sampling where it needs the most, and not the micro-batch", () => {
  const many = experiment();
  const settings = { ...many.settings, optimizer: { ...many.settings.optimizer, microBatchTokens: 1024 } };
  const wide = { ...settings, sampling: { ...settings.sampling, maxSequences: 4096, promptsPerStep: 512 } };
  const { microBatchTokens, maxSequences } = plan(100, { ...many, settings: wide });
  assert.equal(microBatchTokens, 1024);
  assert.ok(maxSequences < 4096);
});

test("where frozen weights are what does not fit, fewer bits of them are a way out: the most that fit, and none that are there already", () => {
  const { settings } = experiment();
  const adapter = { ...settings.adapter, kind: "lora" as const };
  const small = { ...settings, adapter, lengths: { prompt: 64, response: 16 } };
  const sampling = { ...small.sampling, maxSequences: 8, groupSize: 8, promptsPerStep: 1 };
  const asked = experiment({
    settings: { ...small, sampling, optimizer: { ...small.optimizer, microBatchTokens: 256 } },
  });
  const onCard = (changes: object, gibibytes = 2) =>
    planMemory(
      { ...asked, settings: { ...asked.settings, adapter: { ...adapter, ...changes } } },
      half,
      { prompt: 64 },
      { host: 1000 * GIB, card: gibibytes * GIB },
    );
  assert.throws(() => onCard({}), { message: /it fits with .*settings\.adapter\.base "int4" \(then 1\.\d GiB\)/ });
  assert.match(onCard({ base: "int4" }).memory, /It is reckoned to need 1\.\d GiB of the 2\.0 GiB/);
  assert.throws(() => onCard({}, 2.4), { message: /settings\.adapter\.base "f16" \(then 2\.1 GiB\)/ });
  assert.match(onCard({ base: "f16" }, 2.4).memory, /It is reckoned to need 2\.1 GiB of the 2\.4 GiB/);
  // Of 64 numbers a block, 896 inputs are an even number; of 128 they are none.
  const base = (changes: object) => {
    try {
      onCard(changes);
    } catch (error) {
      return /settings\.adapter\.base "(\w+)"/.exec((error as Error).message)?.[1];
    }
    return "it fits";
  };
  assert.equal(base({ block: 128 }), "f16");
  assert.equal(base({ block: 128, base: "f16" }), undefined);
  assert.equal(base({ base: "f16" }), "int4");
  asked.settings.optimizer.precision = "f16";
  assert.equal(base({ base: "f16" }), undefined, "products in float16 have no weights in 4 bits");
});

test("PPO over stored turns is reckoned with its value head, and draws one completion at a time", () => {
  const settings = resolveSettings({ preset: "spark", scale: "micro" });
  const needed = (preset: "spark" | "sft"): number =>
    Number(/need (\d+\.\d)/.exec(plan(1000, experiment({ preset, settings })).memory)?.[1]);
  assert.ok(needed("spark") > needed("sft"));
  assert.equal(plan(1000, experiment({ preset: "spark", settings })).maxSequences, settings.sampling.maxSequences);
});
