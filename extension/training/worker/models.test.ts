import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { addCachedModel } from "../../../server/prompts/testing/cachedModel.ts";
import { folderWith } from "../../../server/toolcalls/testing/files.ts";
import { trainableModels } from "./models.ts";

const policy = path.join(import.meta.dirname, "../../../examples/quickstart/policy/config.json");

test("models that can be trained come first, the others with why not, and each says whether the system message tells of its tools", (t) => {
  const cache = folderWith(t);
  const config: Record<string, unknown> = JSON.parse(readFileSync(policy, "utf8"));
  addCachedModel(cache, "a/strange", { config: { ...config, model_type: "mamba" } });
  addCachedModel(cache, "b/good", { config: { ...config, dtype: "float16" }, weights: 1500 });
  addCachedModel(cache, "c/told", { config, template: "{{ messages[0].content }}" });
  const { cache: shown, models } = trainableModels(cache);
  assert.equal(shown, cache);
  assert.deepEqual(models[0], { id: "b/good", family: "qwen2", dtype: "float16", size: "1.5 kB", told: false });
  assert.deepEqual([models[1]?.id, models[1]?.told], ["c/told", true]);
  assert.equal(models[2]?.id, "a/strange");
  assert.match(models[2]?.problem ?? "", /mamba/);
  assert.deepEqual(trainableModels(path.join(cache, "none")), { cache: path.join(cache, "none"), models: [] });
});
