/** A Qwen2 policy with random weights, as a Hugging Face model directory: what the warm-up starts from. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportModel } from "../../server/training/engine/onnx/model/exportModel.ts";
import { readModelConfig } from "../../server/training/engine/onnx/model/modelConfig.ts";
import { parameterShapes } from "../../server/training/engine/onnx/model/parameters.ts";
import { uniform } from "../../server/training/engine/philox.ts";
import { giveAttentionPriors, type Normal } from "./attentionPriors.ts";

/** Standard deviation of Hugging Face's initializer_range. */
const SPREAD = 0.02;

/** Shape of the micro policy: 1.05 M parameters, 2.1 MB in bfloat16. */
const microConfig = {
  architectures: ["Qwen2ForCausalLM"],
  model_type: "qwen2",
  hidden_act: "silu",
  hidden_size: 128,
  intermediate_size: 384,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 1024,
  rms_norm_eps: 1e-6,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  initializer_range: SPREAD,
  torch_dtype: "bfloat16",
};

export interface TokenizerFacts {
  vocab_size: number;
  eos_token_id: number;
  pad_token_id: number;
}

/**
 * Writes the model into `dir`, with the tokenizer files of `tokenizerDir`.
 * Matrices are normal with a spread of 0.02 (those that write into the residual stream smaller by √(2·layers), as in GPT-2),
 * norms are 1, biases 0; attention then gets the priors of attentionPriors.ts.
 */
export function writeInitialModel(dir: string, tokenizerDir: string, facts: TokenizerFacts, seed: number): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "config.json"), `${JSON.stringify({ ...microConfig, ...facts }, null, 2)}\n`);
  const model = readModelConfig(dir);
  const normal = normals(seed);
  const weights = new Map<string, Float32Array>();
  for (const [name, dims] of parameterShapes(model)) {
    const values = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
    if (name.endsWith("norm.weight")) values.fill(1);
    else if (!name.endsWith("bias")) {
      const intoResidual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
      const spread = SPREAD / (intoResidual ? Math.sqrt(2 * model.layers) : 1);
      for (let i = 0; i < values.length; i++) values[i] = spread * normal();
    }
    weights.set(name, values);
  }
  giveAttentionPriors(weights, model, normal);
  // The configuration is the one just written; everything else comes from the tokenizer's folder.
  exportModel(dir, tokenizerDir, weights, model, "f32", ["config.json"]);
}

/** Normal numbers by the Box–Muller transform. */
function normals(seed: number): Normal {
  let drawn = 0;
  return () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform({ seed, step: 0, sample: 0 }, 0, drawn)));
    const angle = 2 * Math.PI * uniform({ seed, step: 0, sample: 0 }, 1, drawn);
    drawn += 1;
    return radius * Math.cos(angle);
  };
}
