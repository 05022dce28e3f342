/** The parameters of a policy. */

import { elements } from "../../shapes.ts";
import type { ModelConfig } from "./modelConfig.ts";
import { layerName, type Projection, projectionName } from "./projections.ts";

/** Hugging Face's names of the parameters and their shapes, in the order of the forward pass. */
export function parameterShapes(config: ModelConfig): Map<string, number[]> {
  const { hidden, intermediate, vocabulary, headSize } = config;
  const queries = config.heads * headSize;
  const keys = config.keyValueHeads * headSize;
  const shapes = new Map<string, number[]>([["model.embed_tokens.weight", [vocabulary, hidden]]]);
  for (let layer = 0; layer < config.layers; layer++) {
    const norm = (name: string, size: number) => shapes.set(layerName(layer, `${name}.weight`), [size]);
    const projection = (name: Projection, out: number, input: number) => {
      shapes.set(projectionName(layer, name, "weight"), [out, input]);
      if (config.biases.includes(name)) shapes.set(projectionName(layer, name, "bias"), [out]);
    };
    norm("input_layernorm", hidden);
    projection("q_proj", queries, hidden);
    projection("k_proj", keys, hidden);
    projection("v_proj", keys, hidden);
    if (config.headNorms) {
      norm("self_attn.q_norm", headSize);
      norm("self_attn.k_norm", headSize);
    }
    projection("o_proj", hidden, queries);
    norm("post_attention_layernorm", hidden);
    projection("gate_proj", intermediate, hidden);
    projection("up_proj", intermediate, hidden);
    projection("down_proj", hidden, intermediate);
  }
  shapes.set("model.norm.weight", [hidden]);
  if (!config.tied) shapes.set("lm_head.weight", [vocabulary, hidden]);
  return shapes;
}

export const parameterCount = (config: ModelConfig): number => countOfShapes(parameterShapes(config));

/** Numbers in tensors of these shapes. */
export function countOfShapes(shapes: ReadonlyMap<string, readonly number[]>): number {
  return [...shapes.values()].reduce((sum, shape) => sum + elements(shape), 0);
}
