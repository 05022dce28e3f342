/** A Hugging Face directory of random weights whose policy never ends a completion. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelConfig } from "../../model/modelConfig.ts";
import { saveWeights, type Weights } from "../../model/weights.ts";
import { Random } from "../../testing/random.ts";
import { randomWeights } from "../../testing/tinyPolicy.ts";

/** @returns its path; whoever asks removes it */
export function writeRandomModel(config: ModelConfig, weights: Weights = randomWeights(config, new Random(1))): string {
  const dir = mkdtempSync(join(tmpdir(), "memory-"));
  const json = {
    model_type: config.architecture,
    vocab_size: config.vocabulary,
    hidden_size: config.hidden,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.keyValueHeads,
    head_dim: config.headSize,
    intermediate_size: config.intermediate,
    max_position_embeddings: config.maxPositions,
    tie_word_embeddings: config.tied,
    eos_token_id: [],
  };
  writeFileSync(join(dir, "config.json"), JSON.stringify(json));
  saveWeights(join(dir, "model.safetensors"), weights, config, "f32");
  return dir;
}
