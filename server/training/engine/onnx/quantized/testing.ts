/** A random policy whose projections fit blocks, on disk, and the same with the weights that its blocks stand for. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ADAPTER_TARGETS } from "../../../../../schemas/adapter.ts";
import type { Lora } from "../../lora.ts";
import { writeRandomModel } from "../memory/testing/randomModel.ts";
import { type ModelConfig, readModelConfig } from "../modelConfig.ts";
import { tinyConfig } from "../testing/tinyPolicy.ts";
import { loadWeights, ownMemory, saveWeights, type Weights } from "../weights.ts";
import { dequantize, quantize } from "./blocks.ts";
import { frozenProjections } from "./frozenParameters.ts";

export const BLOCK = 16;

/** The golden groups' vocabulary. */
const config = tinyConfig(true, { vocabulary: 64, hidden: 64, headSize: 16, intermediate: 96, maxPositions: 96 });

export const lora: Lora = { rank: 4, alpha: 8, rankStabilized: false, dropout: 0, targets: ADAPTER_TARGETS };
export const frozenLora: Lora = { ...lora, block: BLOCK };

export interface FrozenModels {
  config: ModelConfig;
  /** Directory of the policy, and of the one whose projections are in float32 what the other's blocks stand for. */
  original: string;
  dequantized: string;
  remove(): void;
}

export function frozenModels(): FrozenModels {
  const original = writeRandomModel(config);
  const dequantized = mkdtempSync(join(tmpdir(), "dequantized-"));
  cpSync(original, dequantized, { recursive: true });
  const read = readModelConfig(original);
  saveWeights(join(dequantized, "model.safetensors"), roundTripped(loadWeights(original, read), read), read, "f32");
  const remove = () => {
    for (const dir of [original, dequantized]) rmSync(dir, { recursive: true });
  };
  return { config: read, original, dequantized, remove };
}

function roundTripped(weights: Weights, config: ModelConfig): Weights {
  const changed = new Map(weights);
  for (const { name, input } of frozenProjections(config)) {
    changed.set(name, dequantize(quantize(weights.get(name) as Float32Array, input, BLOCK, ownMemory)));
  }
  return changed;
}
