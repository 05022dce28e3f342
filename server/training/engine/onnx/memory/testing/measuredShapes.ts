/** Policies and settings whose memory is measured against the estimate, and how. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { ADAPTER_TARGETS } from "../../../../../../schemas/adapter.ts";
import type { Lora } from "../../../lora.ts";
import type { ModelConfig } from "../../model/modelConfig.ts";
import { parameterShapes } from "../../model/parameters.ts";
import type { Weights } from "../../model/weights.ts";
import { tinyConfig } from "../../testing/tinyPolicy.ts";
import { type MemorySettings, memoryParts, totalOf } from "../estimate.ts";
import { writeRandomModel } from "./randomModel.ts";

/** A large vocabulary over few weights. */
export const config = tinyConfig(true, {
  vocabulary: 4096,
  hidden: 128,
  layers: 4,
  heads: 4,
  keyValueHeads: 2,
  headSize: 32,
  intermediate: 384,
  maxPositions: 512,
});

export const settings: MemorySettings = {
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

export const lora: Lora = { rank: 8, alpha: 16, rankStabilized: false, dropout: 0, targets: ADAPTER_TARGETS };
/** Many weights over a small vocabulary. */
export const many = {
  ...config,
  vocabulary: 1024,
  layers: 4,
  hidden: 768,
  heads: 12,
  headSize: 64,
  intermediate: 2048,
};

interface MeasuredShape {
  name: string;
  config: ModelConfig;
  settings: MemorySettings;
  /** Random where nothing makes them. */
  weights?: (config: ModelConfig) => Weights;
  precision?: "f16";
}

/** One for each thing that can be most of the memory: rows of the vocabulary, weights, and weights in another form. */
export const SHAPES: readonly MeasuredShape[] = [
  { name: "many token rows of a large vocabulary", config, settings },
  {
    name: "many parameters, with a reference policy",
    config: { ...config, layers: 2, hidden: 384, heads: 6, headSize: 64, intermediate: 1536 },
    settings: { ...narrow, reference: true },
  },
  {
    name: "many frozen weights in blocks of 4 bits",
    config: many,
    weights: wavyWeights,
    settings: { ...narrow, lora: { ...lora, frozen: { kind: "blocks", block: 32 } } },
  },
];

/** Further ones, each where one part of the estimate is a large share of the whole. */
export const FURTHER_SHAPES: readonly MeasuredShape[] = [
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
    settings,
  },
  {
    name: "long texts, whose attention weights are most of it",
    config: { ...config, vocabulary: 512, layers: 3, heads: 8, headSize: 16, hidden: 64, intermediate: 96 },
    settings: { ...settings, prompt: 384, response: 96, prompts: 2, groupSize: 6, entropy: true },
  },
  {
    name: "many frozen weights in float16",
    config: many,
    weights: wavyWeights,
    settings: { ...narrow, lora: { ...lora, frozen: { kind: "half" } } },
  },
];

/** What is measured lies between these shares of the estimate: it is a bound that does not frighten. */
const LEAST = 0.5;
const MOST = 1.1;

/** Defines the test that measures a shape in a process of its own. */
export function testEstimate(shape: MeasuredShape): void {
  test(`the estimate holds: ${shape.name}`, async () => {
    const model = writeRandomModel(shape.config, shape.weights?.(shape.config));
    try {
      const program = join(import.meta.dirname, "peakMemory.ts");
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
