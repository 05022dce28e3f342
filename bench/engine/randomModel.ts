/** A random Qwen2 policy on disk, for measurements that do not care what it says. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readModelConfig } from "../../server/training/engine/onnx/model/modelConfig.ts";
import { parameterShapes } from "../../server/training/engine/onnx/model/parameters.ts";
import { type TensorData, writeSafetensors } from "../../server/training/engine/safetensors.ts";
import type { Network } from "./operations.ts";

/** @param positions that the policy knows */
export function randomModel(shape: Network, positions: number): string {
  const dir = mkdtempSync(join(tmpdir(), "toolexpander-bench-"));
  const config = {
    architectures: ["Qwen2ForCausalLM"],
    model_type: "qwen2",
    hidden_act: "silu",
    hidden_size: shape.hidden,
    intermediate_size: shape.intermediate,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.kvHeads,
    vocab_size: shape.vocab,
    max_position_embeddings: positions,
    rms_norm_eps: 1e-6,
    rope_theta: 10_000,
    tie_word_embeddings: true,
    // No token ends a completion, so that the work of a measurement is known.
    eos_token_id: shape.vocab,
    torch_dtype: "float32",
  };
  writeFileSync(join(dir, "config.json"), JSON.stringify(config));
  const tensors = new Map<string, TensorData>();
  let state = 1;
  for (const [name, dims] of parameterShapes(readModelConfig(dir))) {
    const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
    for (let i = 0; i < data.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      data[i] = name.includes("norm") ? 1 : (state / 2 ** 32 - 0.5) * 0.06;
    }
    tensors.set(name, { dtype: "F32", shape: dims, data });
  }
  writeSafetensors(join(dir, "model.safetensors"), tensors, { format: "pt" });
  return dir;
}
