/** Writing a policy as a Hugging Face model directory that the same code, or transformers, loads again. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyEdits, findNodeAtLocation, modify, parseTree } from "jsonc-parser";
import type { ModelConfig } from "./modelConfig.ts";
import { saveWeights, type Weights } from "./weights.ts";

/** Files that describe the policy and do not change with its weights. */
const COMPANIONS = [
  "config.json",
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "chat_template.jinja",
  "vocab.json",
  "merges.txt",
  "added_tokens.json",
];

/** Writes the weights, and copies what belongs to them from `source`, except the files in `present`, which `dir` has already. */
export function exportModel(
  dir: string,
  source: string,
  weights: Pick<Weights, "get">,
  config: ModelConfig,
  dtype: "f32" | "bf16",
  present: readonly string[] = [],
): void {
  copyCompanions(dir, source, dtype, present);
  saveWeights(join(dir, "model.safetensors"), weights, config, dtype);
}

/** Copies what belongs to the weights; config.json says in what precision they are. */
export function copyCompanions(
  dir: string,
  source: string,
  dtype: "f32" | "bf16",
  present: readonly string[] = [],
): void {
  mkdirSync(dir, { recursive: true });
  for (const name of COMPANIONS.filter((companion) => !present.includes(companion))) {
    const from = join(source, name);
    if (existsSync(from)) copyFileSync(from, join(dir, name));
  }
  if (!present.includes("config.json")) sayPrecision(join(dir, "config.json"), dtype);
}

/** transformers loads weights in the precision that config.json names, not in that which they are saved in. */
function sayPrecision(file: string, dtype: "f32" | "bf16"): void {
  const text = readFileSync(file, "utf8");
  const tree = parseTree(text);
  const keys = ["dtype", "torch_dtype"].filter((key) => tree && findNodeAtLocation(tree, [key]));
  const value = dtype === "f32" ? "float32" : "bfloat16";
  const changed = keys.reduce((json, key) => applyEdits(json, modify(json, [key], value, {})), text);
  if (changed !== text) writeFileSync(file, changed);
}
