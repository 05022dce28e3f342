/** A random model of Qwen2.5-0.5B's shape as `hf download` leaves one in its cache: blobs, a snapshot of links to them, two shards. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readModelConfig } from "../../server/training/engine/onnx/model/modelConfig.ts";
import { parameterShapes } from "../../server/training/engine/onnx/model/parameters.ts";
import { type LateTensor, toBfloat16, writeSafetensors } from "../../server/training/engine/safetensors.ts";

/** As its config.json has it; 494 million parameters. */
const SHAPE = {
  architectures: ["Qwen2ForCausalLM"],
  model_type: "qwen2",
  hidden_act: "silu",
  hidden_size: 896,
  intermediate_size: 4864,
  num_hidden_layers: 24,
  num_attention_heads: 14,
  num_key_value_heads: 2,
  max_position_embeddings: 32_768,
  vocab_size: 151_936,
  rms_norm_eps: 1e-6,
  rope_theta: 1_000_000,
  tie_word_embeddings: true,
  torch_dtype: "bfloat16",
};

/** Standard deviation of Hugging Face's initializer_range. */
const SPREAD = 0.02;
const REVISION = "5".repeat(40);

/**
 * Writes the model under its name, `org/name`, into a cache.
 *
 * @param tokenizer a model directory whose tokenizer, template and ends it gets
 */
export function downloadedModel(cache: string, id: string, tokenizer: string): void {
  const folder = join(cache, `models--${id.replaceAll("/", "--")}`);
  const [blobs, snapshot] = [join(folder, "blobs"), join(folder, "snapshots", REVISION)];
  for (const each of [blobs, snapshot, join(folder, "refs")]) mkdirSync(each, { recursive: true });
  writeFileSync(join(folder, "refs", "main"), REVISION);
  for (const name of readdirSync(tokenizer))
    if (!/^(model\.safetensors|config\.json)$/.test(name)) copyFileSync(join(tokenizer, name), join(snapshot, name));
  const { eos_token_id, pad_token_id } = JSON.parse(readFileSync(join(tokenizer, "config.json"), "utf8"));
  writeFileSync(join(snapshot, "config.json"), JSON.stringify({ ...SHAPE, eos_token_id, pad_token_id }, null, 2));
  writeShards(snapshot);
  for (const [place, name] of readdirSync(snapshot).entries()) {
    const blob = String(place).padStart(40, "0");
    renameSync(join(snapshot, name), join(blobs, blob));
    symlinkSync(join("..", "..", "blobs", blob), join(snapshot, name));
  }
}

function writeShards(folder: string): void {
  const names = [...parameterShapes(readModelConfig(folder))];
  const random = uniforms();
  const files = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] as const;
  const weight_map: Record<string, string> = {};
  for (const [half, file] of files.entries()) {
    const tensors = new Map<string, LateTensor>();
    for (const [name, shape] of names.filter((_, place) => Math.floor((2 * place) / names.length) === half)) {
      weight_map[name] = file;
      const value = name.endsWith("norm.weight") ? () => 1 : name.endsWith("bias") ? () => 0 : random;
      tensors.set(name, { dtype: "BF16", shape, make: () => filled(shape, value) });
    }
    writeSafetensors(join(folder, file), tensors, { format: "pt" });
  }
  writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ metadata: {}, weight_map }, null, 2));
}

function filled(shape: readonly number[], value: () => number): Uint8Array {
  const values = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
  for (let i = 0; i < values.length; i++) values[i] = value();
  return toBfloat16(values);
}

/** Of the standard deviation SPREAD, always the same ones. */
function uniforms(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) * SPREAD * Math.sqrt(12);
  };
}
