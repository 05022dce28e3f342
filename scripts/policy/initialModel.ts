/** A Qwen2 policy with random weights, as a Hugging Face model directory: what the warm-up starts from. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportModel } from "../../server/training/engine/onnx/exportModel.ts";
import { readModelConfig } from "../../server/training/engine/onnx/modelConfig.ts";
import { parameterShapes } from "../../server/training/engine/onnx/parameters.ts";
import { uniform } from "../../server/training/engine/philox.ts";

/** Standard deviation of Hugging Face's initializer_range. */
const SPREAD = 0.02;

/** Shape of the micro policy: 2.8 M parameters, 5.5 MB in bfloat16. */
export const microConfig = {
  architectures: ["Qwen2ForCausalLM"],
  model_type: "qwen2",
  hidden_act: "silu",
  hidden_size: 192,
  intermediate_size: 512,
  num_hidden_layers: 6,
  num_attention_heads: 6,
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
 * norms are 1, biases 0.
 */
export function writeInitialModel(dir: string, tokenizerDir: string, facts: TokenizerFacts, seed: number, shape = microConfig): void {
  mkdirSync(dir, { recursive: true });
  const weights = new Map<string, Float32Array>();
  const config = { ...shape, ...facts };
  writeFileSync(join(dir, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
  const model = readModelConfig(dir);
  for (const [index, [name, dims]] of [...parameterShapes(model)].entries()) {
    const size = dims.reduce((product, dim) => product * dim, 1);
    if (name.endsWith("norm.weight")) weights.set(name, new Float32Array(size).fill(1));
    else if (name.endsWith("bias")) weights.set(name, new Float32Array(size));
    else {
      const intoResidual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
      weights.set(name, normal(size, SPREAD / (intoResidual ? Math.sqrt(2 * model.layers) : 1), seed, index));
    }
  }
  // The configuration is the one just written; everything else comes from the tokenizer's folder.
  exportModel(dir, tokenizerDir, weights, model, "f32", ["config.json"]);
}

/** Normal numbers by the Box–Muller transform. */
function normal(size: number, spread: number, seed: number, stream: number): Float32Array {
  const values = new Float32Array(size);
  for (let i = 0; i < size; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform({ seed, step: stream, sample: 0 }, 0, i)));
    const angle = 2 * Math.PI * uniform({ seed, step: stream, sample: 0 }, 1, i);
    values[i] = spread * radius * Math.cos(angle);
    if (i + 1 < size) values[i + 1] = spread * radius * Math.sin(angle);
  }
  return values;
}
