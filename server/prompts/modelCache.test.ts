import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import test, { type TestContext } from "node:test";
import { folderWith } from "../toolcalls/testing/files.ts";
import { cachedModel, cachedModels, cacheFolder, isModelId } from "./modelCache.ts";
import { modelFolder } from "./modelFolder.ts";
import { addCachedModel } from "./testing/cachedModel.ts";

const cacheWith = (t: TestContext): string => folderWith(t);

test("the cache is where the Hugging Face tools have it", () => {
  const home = path.join(homedir(), ".cache", "huggingface", "hub");
  assert.equal(cacheFolder({ HOME: homedir(), USERPROFILE: homedir() }), home);
  assert.equal(cacheFolder({ HF_HOME: "/data/hf" }), path.join("/data/hf", "hub"));
  assert.equal(cacheFolder({ HF_HOME: "/data/hf", HF_HUB_CACHE: "/cache" }), "/cache");
  assert.equal(cacheFolder({ HUGGINGFACE_HUB_CACHE: "/old" }), "/old");
  assert.equal(cacheFolder({ XDG_CACHE_HOME: "/xdg" }), path.join("/xdg", "huggingface", "hub"));
  const people = { HOME: "/people/me", USERPROFILE: "/people/me", HF_HOME: "~/hf" };
  assert.equal(cacheFolder(people), path.join("/people/me/hf", "hub"));
});

test("a model is the snapshot that refs/main names, its weights links into blobs", (t) => {
  const cache = cacheWith(t);
  const folder = addCachedModel(cache, "org/one", { weights: 1000 });
  addCachedModel(cache, "org/one", { revision: "older", main: false });
  mkdirSync(path.join(cache, "datasets--org--rows", "snapshots"), { recursive: true });
  assert.deepEqual(cachedModels(cache), [{ id: "org/one", folder, bytes: 1000, missing: [] }]);
  assert.equal(cachedModel("org/none", cache), undefined);
  assert.deepEqual(cachedModels(path.join(cache, "nowhere")), []);
});

test("without refs/main the newest snapshot counts", (t) => {
  const cache = cacheWith(t);
  const folder = addCachedModel(cache, "org/one", { main: false });
  assert.equal(cachedModel("org/one", cache)?.folder, folder);
});

test("a download that was not finished is named by what is missing", (t) => {
  const cache = cacheWith(t);
  const dangling = addCachedModel(cache, "org/half", { weights: undefined });
  symlinkSync("../../blobs/never", path.join(dangling, "model.safetensors"));
  assert.deepEqual(cachedModel("org/half", cache)?.missing, ["model.safetensors"]);

  const sharded = addCachedModel(cache, "org/shards", { weights: undefined });
  const map = { a: "model-00001-of-00002.safetensors", b: "model-00002-of-00002.safetensors" };
  writeFileSync(path.join(sharded, "model.safetensors.index.json"), JSON.stringify({ weight_map: map }));
  writeFileSync(path.join(sharded, map.a), "x");
  assert.deepEqual(cachedModel("org/shards", cache)?.missing, [map.b]);
  writeFileSync(path.join(sharded, map.b), "xy");
  assert.deepEqual(cachedModel("org/shards", cache), { id: "org/shards", folder: sharded, bytes: 3, missing: [] });

  mkdirSync(path.join(cache, "models--org--begun", "blobs"), { recursive: true });
  assert.deepEqual(cachedModel("org/begun", cache)?.missing, ["config.json"]);
});

test("a name is a path, else a model of the cache, else a sentence that says how to get it", (t) => {
  const cache = cacheWith(t);
  const base = folderWith(t, { "org/local/config.json": "{}" });
  const folder = addCachedModel(cache, "org/one", {});
  addCachedModel(cache, "org/local", {});
  addCachedModel(cache, "org/half", { weights: undefined });
  assert.deepEqual(modelFolder("org/one", base, cache), { folder });
  assert.deepEqual(modelFolder("org/local", base, cache), { folder: path.join(base, "org/local") });
  assert.equal(
    modelFolder("org/none", base, cache).problem,
    `There is neither the folder "${path.join(base, "org/none")}" nor a model of this name in the Hugging Face cache, "${cache}". ` +
      "Download it with: hf download org/none (nothing is downloaded from here).",
  );
  assert.equal(
    modelFolder("org/half", base, cache).problem,
    'The download of "org/half" is not complete: model.safetensors is missing. Download it with: hf download org/half (nothing is downloaded from here).',
  );
  assert.equal(
    modelFolder("../policy", base, cache).problem,
    `There is no folder "${path.resolve(base, "../policy")}" that can be read.`,
  );
});

test("only names that the hub could have are looked up", () => {
  for (const name of ["org/one", "Qwen/Qwen2.5-0.5B-Instruct"]) assert.ok(isModelId(name), name);
  for (const name of ["one", "./one", "../one", "a/b/c", "/abs/one", "a\\b", "a/"]) assert.ok(!isModelId(name), name);
});
