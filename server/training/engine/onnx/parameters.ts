/** The parameters of a Qwen2 policy. */
import type { ModelConfig } from "./modelConfig.ts";

/** Hugging Face's names of the parameters and their shapes, in the order of the forward pass. */
export function parameterShapes(config: ModelConfig): Map<string, number[]> {
  const { hidden, intermediate, vocabulary } = config;
  const queries = config.heads * config.headSize;
  const keys = config.keyValueHeads * config.headSize;
  const shapes = new Map<string, number[]>([["model.embed_tokens.weight", [vocabulary, hidden]]]);
  for (let layer = 0; layer < config.layers; layer++) {
    const at = (name: string) => `model.layers.${layer}.${name}`;
    shapes.set(at("input_layernorm.weight"), [hidden]);
    shapes.set(at("self_attn.q_proj.weight"), [queries, hidden]);
    shapes.set(at("self_attn.q_proj.bias"), [queries]);
    shapes.set(at("self_attn.k_proj.weight"), [keys, hidden]);
    shapes.set(at("self_attn.k_proj.bias"), [keys]);
    shapes.set(at("self_attn.v_proj.weight"), [keys, hidden]);
    shapes.set(at("self_attn.v_proj.bias"), [keys]);
    shapes.set(at("self_attn.o_proj.weight"), [hidden, queries]);
    shapes.set(at("post_attention_layernorm.weight"), [hidden]);
    shapes.set(at("mlp.gate_proj.weight"), [intermediate, hidden]);
    shapes.set(at("mlp.up_proj.weight"), [intermediate, hidden]);
    shapes.set(at("mlp.down_proj.weight"), [hidden, intermediate]);
  }
  shapes.set("model.norm.weight", [hidden]);
  if (!config.tied) shapes.set("lm_head.weight", [vocabulary, hidden]);
  return shapes;
}
