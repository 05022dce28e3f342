/** A model in a folder that is laid out as the Hugging Face tools lay out theirs. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { tinyConfig, tinyModelFiles } from "./tinyModel.ts";

interface CachedFiles {
  /** Bytes of model.safetensors; none where undefined is given. */
  weights?: number | undefined;
  revision?: string;
  /** Whether refs/main names it. */
  main?: boolean;
  config?: Record<string, unknown>;
  /** In place of one that writes calls as rewards read them; null for a model that has none. */
  template?: string | null;
}

/** @returns the folder of the snapshot */
export function addCachedModel(cache: string, id: string, options: CachedFiles): string {
  const { revision = "0123abcd", main = true, config = { model_type: "qwen2", dtype: "bfloat16" } } = options;
  const model = path.join(cache, `models--${id.replaceAll("/", "--")}`);
  const snapshot = path.join(model, "snapshots", revision);
  for (const folder of [snapshot, path.join(model, "blobs"), path.join(model, "refs")])
    mkdirSync(folder, { recursive: true });
  if (main) writeFileSync(path.join(model, "refs", "main"), revision);
  const files: Record<string, string> = { ...tinyModelFiles(), "config.json": JSON.stringify(config) };
  if (options.template !== undefined) {
    const { chat_template: _, ...without } = tinyConfig();
    const { template } = options;
    files["tokenizer_config.json"] = JSON.stringify(
      template === null ? without : { ...without, chat_template: template },
    );
  }
  const weights = "weights" in options ? options.weights : 4;
  if (weights !== undefined) files["model.safetensors"] = "w".repeat(weights);
  for (const [name, text] of Object.entries(files)) {
    const blob = `${revision}-${name}`;
    writeFileSync(path.join(model, "blobs", blob), text);
    symlinkSync(path.join("..", "..", "blobs", blob), path.join(snapshot, name));
  }
  return snapshot;
}
