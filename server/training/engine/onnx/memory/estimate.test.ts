import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { ADAPTER_TARGETS } from "../../../../../schemas/adapter.ts";
import type { Lora } from "../../lora.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { parameterCount, parameterShapes } from "../model/parameters.ts";
import type { Weights } from "../model/weights.ts";
import { tinyConfig } from "../testing/tinyPolicy.ts";
import { cardBytes, cudaBytes, largestMicroBatch, type MemorySettings, memoryParts, totalOf } from "./estimate.ts";
import { writeRandomModel } from "./testing/randomModel.ts";

const config = tinyConfig(true, {
  vocabulary: 4096,
  hidden: 128,
  layers: 4,
  heads: 4,
  keyValueHeads: 2,
  headSize: 32,
  intermediate: 384,
  maxPositions: 512,
});
const settings: MemorySettings = {
  prompt: 128,
  response: 32,
  groupSize: 4,
  prompts: 4,
  microBatchTokens: 1024,
  maxSequences: 256,
  reference: false,
  entropy: false,
  checkpointing: false,
  lora: undefined,
  threads: 2,
};

/** Made at once: normal numbers for so many weights take a minute. */
function wavyWeights(config: ModelConfig): Weights {
  const wave = (length: number) => Float32Array.from({ length }, (_, i) => 0.05 * Math.sin(1.7 * i));
  return new Map(
    [...parameterShapes(config)].map(([name, shape]) => [name, wave(shape.reduce((size, dim) => size * dim, 1))]),
  );
}

/** So few tokens that the weights are most of it. */
const narrow: MemorySettings = { ...settings, prompt: 32, response: 8, microBatchTokens: 64, prompts: 2 };

/** Where each part of the estimate is a large share of the whole. */
const lora: Lora = { rank: 8, alpha: 16, rankStabilized: false, dropout: 0, targets: ADAPTER_TARGETS };
const many = { ...config, vocabulary: 1024, layers: 4, hidden: 768, heads: 12, headSize: 64, intermediate: 2048 };

const SHAPES: { name: string; config: ModelConfig; settings: MemorySettings; weights?: Weights; precision?: "f16" }[] =
  [
    { name: "many token rows of a large vocabulary", config, settings },
    {
      name: "many parameters, with a reference policy",
      config: { ...config, layers: 2, hidden: 384, heads: 6, headSize: 64, intermediate: 1536 },
      settings: { ...narrow, reference: true },
    },
    {
      name: "many parameters, with products in float16",
      precision: "f16",
      config: { ...config, layers: 2, hidden: 384, heads: 6, headSize: 64, intermediate: 1536 },
      settings: narrow,
    },
    {
      name: "many token rows, with products in float16",
      precision: "f16",
      config,
      settings: settings,
    },
    {
      name: "long texts, whose attention weights are most of it",
      config: { ...config, vocabulary: 512, layers: 3, heads: 8, headSize: 16, hidden: 64, intermediate: 96 },
      settings: { ...settings, prompt: 384, response: 96, prompts: 2, groupSize: 6, entropy: true },
    },
    {
      name: "many frozen weights in float16",
      config: many,
      weights: wavyWeights(many),
      settings: { ...narrow, lora: { ...lora, frozen: { kind: "half" } } },
    },
    {
      name: "many frozen weights in blocks of 4 bits",
      config: many,
      weights: wavyWeights(many),
      settings: { ...narrow, lora: { ...lora, frozen: { kind: "blocks", block: 32 } } },
    },
  ];

/** What is measured lies between these shares of the estimate: it is a bound that does not frighten. */
const LEAST = 0.5;
const MOST = 1.1;

for (const shape of SHAPES) {
  test(`the estimate holds: ${shape.name}`, async () => {
    const model = writeRandomModel(shape.config, shape.weights);
    try {
      const program = join(import.meta.dirname, "testing", "peakMemory.ts");
      const argument = JSON.stringify({ model, settings: shape.settings, precision: shape.precision });
      const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", program, argument]);
      const parts = memoryParts(shape.config, shape.settings);
      const share = Number(stdout) / totalOf(parts);
      const mebibytes = Object.entries(parts).map(([name, bytes]) => `${name} ${Math.round(bytes / 2 ** 20)}`);
      const found = `${Math.round(Number(stdout) / 2 ** 20)} MiB is ${share.toFixed(2)} of ${mebibytes.join(", ")} MiB`;
      assert.ok(share > LEAST && share < MOST, found);
      if (process.env.TOOLEXPANDER_VERBOSE) console.log(found);
    } finally {
      rmSync(model, { recursive: true });
    }
  });
}

test("micro-batches are reckoned as they are cut", () => {
  const cut = (changes: Partial<MemorySettings>) => largestMicroBatch({ ...settings, ...changes });
  assert.deepEqual(cut({}), { B: 4, completions: 16, rows: 4 * (127 + 4 * 32), completionRows: 16 * 32 });
  assert.deepEqual(cut({ microBatchTokens: 200 }), { B: 1, completions: 2, rows: 127 + 64, completionRows: 64 });
  // A single completion goes through whatever it takes.
  assert.deepEqual(cut({ microBatchTokens: 10 }), { B: 1, completions: 1, rows: 127 + 32, completionRows: 32 });
});

test("each part grows with what it is for, and with nothing else", () => {
  const before = memoryParts(config, settings);
  const grown = (changes: Partial<MemorySettings>): string[] => {
    const after = memoryParts(config, { ...settings, ...changes });
    return Object.entries(after)
      .filter(([name, bytes]) => bytes !== before[name as keyof typeof before])
      .map(([name]) => name);
  };
  assert.deepEqual(grown({ microBatchTokens: 512 }), ["activations"]);
  assert.deepEqual(grown({ maxSequences: 8 }), ["sampling"]);
  assert.deepEqual(grown({ reference: true }), ["reference", "scoring"]);
  assert.deepEqual(grown({ entropy: true }), ["activations"]);
  assert.deepEqual(grown({ response: 40 }), ["activations", "sampling"]);
  assert.deepEqual(grown({ valueHead: true }), ["process", "gradients", "optimizer", "scoring"]);
  const valued = memoryParts(config, { ...settings, valueHead: true });
  assert.equal(valued.optimizer - before.optimizer, 2 * 4 * (config.hidden + 1));
  assert.equal(before.weights, 4 * parameterCount(config));
  assert.equal(before.optimizer, 2 * before.weights);
});

test("on a card weights, moments and the gradient's sum stay, and a reference beside them; an adapter's moments are its own", () => {
  const { weights, optimizer, gradients, activations } = memoryParts(config, settings);
  const trained = 4 * parameterCount(config);
  // What sessions compute with counts once, and the gradient that an update sums up beside that of its session.
  const update = trained + (gradients - 2 * trained) / 2 + activations / 2;
  assert.equal(cardBytes(config, settings), weights + optimizer + update);
  assert.equal(optimizer, 2 * trained);
  const referred = cardBytes(config, { ...settings, reference: true });
  assert.equal(referred - cardBytes(config, settings), 4 * parameterCount(config));
  const adapted = cardBytes(many, { ...settings, lora });
  assert.equal(cardBytes(many, { ...settings, lora, reference: true }), adapted);
  assert.ok(cardBytes(many, settings) > adapted + 2 * 4 * parameterCount(many));
});

test("on CUDA every session has the weights for itself, and nothing is given back", () => {
  const [without, withReference] = [cudaBytes(config, settings), cudaBytes(config, { ...settings, reference: true })];
  assert.ok(without > cardBytes(config, settings) + 2 * 4 * parameterCount(config));
  assert.ok(withReference - without >= 4 * parameterCount(config), "scoring is another session");
  const [whole, blocks] = [lora, { ...lora, frozen: { kind: "blocks", block: 64 } as const }].map((lora) =>
    cudaBytes(many, { ...settings, lora }),
  );
  assert.ok((blocks ?? 0) < (whole ?? 0));
});

test("weights in float16 take a half; in blocks of 4 bits an eighth and their scales, three times; what is read of them whole is one matrix at a time", () => {
  const adapted = memoryParts(many, { ...settings, lora });
  const halved = memoryParts(many, { ...settings, lora: { ...lora, frozen: { kind: "half" } } });
  const quantized = memoryParts(many, { ...settings, lora: { ...lora, frozen: { kind: "blocks", block: 64 } } });
  const { hidden, intermediate, layers } = many;
  const keys = many.keyValueHeads * many.headSize;
  const projections = layers * hidden * (2 * hidden + 2 * keys + 3 * intermediate);
  assert.equal(adapted.weights - quantized.weights, projections * (4 - 3 * (1 / 2 + 4 / 64 + 1 / 128)));
  assert.equal(adapted.weights - halved.weights, projections * 2);
  assert.equal(quantized.unpacked % (4 * hidden * intermediate), 0);
  assert.equal(halved.unpacked, quantized.unpacked);
  assert.equal(adapted.unpacked, 0);
  for (const { weights: _w, unpacked: _u, ...others } of [halved, quantized]) {
    for (const [name, bytes] of Object.entries(others))
      assert.equal(bytes, adapted[name as keyof typeof adapted], name);
  }
});
