import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { addCachedModel } from "../../prompts/testing/cachedModel.ts";
import { folderWith } from "../../toolcalls/testing/files.ts";
import { listModels } from "./modelList.ts";
import { sizeText } from "./sizeText.ts";

const policy = path.join(import.meta.dirname, "../../../examples/quickstart/policy/config.json");

test("each model has its family, size and dtype, and the engine's word on whether it can be trained", (t) => {
  const cache = folderWith(t);
  const config: Record<string, unknown> = JSON.parse(readFileSync(policy, "utf8"));
  const good = addCachedModel(cache, "org/good", {
    config: { ...config, torch_dtype: "bfloat16", dtype: undefined },
    weights: 5,
  });
  const strange = addCachedModel(cache, "org/strange", { config: { ...config, model_type: "mamba" } });
  const half = addCachedModel(cache, "org/half", { config, weights: undefined });
  const [first, second, third] = listModels(cache);
  assert.deepEqual(first, {
    id: "org/good",
    folder: good,
    family: "qwen2",
    dtype: "bfloat16",
    bytes: 5,
    toolPrompt: "template",
  });
  assert.deepEqual([second?.id, second?.folder], ["org/half", half]);
  assert.match(second?.problem ?? "", /^The download of "org\/half" is not complete: model\.safetensors is missing\.$/);
  assert.deepEqual([third?.id, third?.folder, third?.family], ["org/strange", strange, "mamba"]);
  assert.match(third?.problem ?? "", /mamba/);
});

test("a model whose tokenizer has another form is told so", (t) => {
  const cache = folderWith(t);
  rmSync(path.join(addCachedModel(cache, "org/old", {}), "tokenizer.json"));
  assert.match(listModels(cache)[0]?.problem ?? "", /^It has no tokenizer\.json/);
});

test("who tells of tools is the template where it writes calls as rewards read them, else the system message", (t) => {
  const cache = folderWith(t);
  const config: Record<string, unknown> = JSON.parse(readFileSync(policy, "utf8"));
  const add = (name: string, template: string | null): string => addCachedModel(cache, name, { config, template });
  add("a/none", null);
  add("b/plain", "{% for m in messages %}{{ m.role }}: {{ m.content }}{% endfor %}");
  add("c/broken", "{% for m in messages %}");
  add("d/endless", "{% for a in range(100000) %}{% for b in range(100000) %}{{ b }}{% endfor %}{% endfor %}");
  const found = listModels(cache).map(({ id, toolPrompt, problem }) => [id, toolPrompt, problem?.split(/[:,]/)[0]]);
  assert.deepEqual(found, [
    ["a/none", undefined, "The model directory has no chat template"],
    ["b/plain", "system", undefined],
    ["c/broken", undefined, "The chat template cannot be parsed"],
    ["d/endless", "system", undefined],
  ]);
});

test("sizes are as a person reads them", () => {
  const sizes: [number, string][] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1 kB"],
    [988_097_824, "988 MB"],
    [1_543_714_304, "1.5 GB"],
    [30_000_000_000, "30 GB"],
  ];
  for (const [bytes, text] of sizes) assert.equal(sizeText(bytes), text);
});
