/** The linear projections of a layer and the names of its parts. */

/** By the module that Hugging Face keeps each projection in. */
const MODULES = {
  q_proj: "self_attn",
  k_proj: "self_attn",
  v_proj: "self_attn",
  o_proj: "self_attn",
  gate_proj: "mlp",
  up_proj: "mlp",
  down_proj: "mlp",
} as const;

export type Projection = keyof typeof MODULES;

export function layerName(layer: number, name: string): string {
  return `model.layers.${layer}.${name}`;
}

/** Name of a projection's weight or bias. */
export function projectionName(layer: number, projection: Projection, part: "weight" | "bias"): string {
  return layerName(layer, `${MODULES[projection]}.${projection}.${part}`);
}
