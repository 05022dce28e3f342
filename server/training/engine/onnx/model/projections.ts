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

/** In the order of the forward pass. */
export const PROJECTIONS = Object.keys(MODULES) as readonly Projection[];

export function layerName(layer: number, name: string): string {
  return `model.layers.${layer}.${name}`;
}

/** Name of a part of a projection: its weight or bias, or a matrix of its adapter. */
export function projectionName(
  layer: number,
  projection: Projection,
  part: "weight" | "bias" | "lora_A.weight" | "lora_B.weight",
): string {
  return layerName(layer, `${MODULES[projection]}.${projection}.${part}`);
}
