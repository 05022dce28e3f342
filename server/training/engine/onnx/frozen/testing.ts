/** A random policy whose projections can be kept in any form, on disk, and the same with the weights that a form makes of them. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ADAPTER_TARGETS } from "../../../../../schemas/adapter.ts";
import type { FrozenForm, Lora } from "../../lora.ts";
import { writeRandomModel } from "../memory/testing/randomModel.ts";
import { type ModelConfig, readModelConfig } from "../model/modelConfig.ts";
import { loadWeights, ownMemory, saveWeights, type Weights } from "../model/weights.ts";
import { tinyConfig } from "../testing/tinyPolicy.ts";
import { formOf } from "./forms.ts";
import { frozenProjections } from "./frozenParameters.ts";

/** Forms by what they are called, and how much a logit is moved by what they lose, at least. */
export const FORMS: readonly { frozen: FrozenForm; called: string; lost: number }[] = [
  { frozen: { kind: "half" }, called: "float16", lost: 5e-4 },
  { frozen: { kind: "blocks", block: 16 }, called: "4 bits", lost: 1e-2 },
];

/** The golden groups' vocabulary. */
const config = tinyConfig(true, { vocabulary: 64, hidden: 64, headSize: 16, intermediate: 96, maxPositions: 96 });

export const lora: Lora = { rank: 4, alpha: 8, rankStabilized: false, dropout: 0, targets: ADAPTER_TARGETS };

export interface FrozenModels {
  config: ModelConfig;
  /** Directory of the policy, and of the one whose projections are in float32 what the other's stand for in their form. */
  original: string;
  rounded: string;
  remove(): void;
}

export function frozenModels(frozen: FrozenForm): FrozenModels {
  const original = writeRandomModel(config);
  const rounded = mkdtempSync(join(tmpdir(), "rounded-"));
  cpSync(original, rounded, { recursive: true });
  const read = readModelConfig(original);
  saveWeights(join(rounded, "model.safetensors"), roundTripped(loadWeights(original, read), read, frozen), read, "f32");
  const remove = () => {
    for (const dir of [original, rounded]) rmSync(dir, { recursive: true });
  };
  return { config: read, original, rounded, remove };
}

function roundTripped(weights: Weights, config: ModelConfig, frozen: FrozenForm): Weights {
  const form = formOf(frozen);
  const changed = new Map(weights);
  for (const projection of frozenProjections(config)) {
    const { name } = projection;
    changed.set(name, form.read(form.keep(weights.get(name) as Float32Array, projection, ownMemory)));
  }
  return changed;
}
