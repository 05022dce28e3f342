import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { addCachedModel } from "../../../server/prompts/testing/cachedModel.ts";
import { folderWith } from "../../../server/toolcalls/testing/files.ts";
import { trainableModels } from "./models.ts";

const policy = path.join(import.meta.dirname, "../../../examples/quickstart/policy/config.json");

test("models that can be trained come first, the others with why not", (t) => {
  const cache = folderWith(t);
  const config: Record<string, unknown> = JSON.parse(readFileSync(policy, "utf8"));
  addCachedModel(cache, "a/strange", { config: { ...config, model_type: "mamba" } });
  addCachedModel(cache, "b/good", { config: { ...config, dtype: "float16" }, weights: 1500 });
  const { cache: shown, models } = trainableModels(cache);
  assert.equal(shown, cache);
  assert.deepEqual(models[0], { id: "b/good", family: "qwen2", dtype: "float16", size: "1.5 kB" });
  assert.equal(models[1]?.id, "a/strange");
  assert.match(models[1]?.problem ?? "", /mamba/);
  assert.deepEqual(trainableModels(path.join(cache, "none")), { cache: path.join(cache, "none"), models: [] });
});
