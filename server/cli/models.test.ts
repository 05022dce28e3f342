import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { addCachedModel } from "../prompts/testing/cachedModel.ts";
import { folderWith } from "../toolcalls/testing/files.ts";

const policy = path.join(import.meta.dirname, "../../examples/quickstart/policy/config.json");
const cli = path.join(import.meta.dirname, "../cli.ts");
const models = (...args: string[]) => spawnSync(process.execPath, [cli, "models", ...args], { encoding: "utf8" });

test("models of the cache are listed, with why one cannot be trained", (t) => {
  const cache = folderWith(t);
  const folder = addCachedModel(cache, "org/\u0007strange", {
    config: { model_type: "mamba", dtype: "float32" },
    weights: 2000,
  });
  const json = models("--cache", cache, "--json");
  assert.equal(json.status, 0, json.stderr);
  const { cache: shown, models: found } = JSON.parse(json.stdout) as {
    cache: string;
    models: Record<string, unknown>[];
  };
  assert.equal(shown, cache);
  assert.equal(found.length, 1);
  const { problem, ...facts } = found[0] ?? {};
  assert.deepEqual(facts, { id: "org/\u0007strange", folder, family: "mamba", dtype: "float32", bytes: 2000 });
  assert.equal(typeof problem, "string");
  const table = models("--cache", cache);
  assert.equal(table.status, 0);
  assert.match(table.stdout, /org\/\\u0007strange .* mamba .* float32 .* 2 kB .* no: /);
});

test("who tells a model of its tools is in the table, and explained where it is not the template", (t) => {
  const cache = folderWith(t);
  const config: Record<string, unknown> = JSON.parse(readFileSync(policy, "utf8"));
  addCachedModel(cache, "org/form", { config });
  const without = models("--cache", cache).stdout;
  assert.match(without, /org\/form .* its template .* yes/);
  assert.doesNotMatch(without, /settings\.toolPrompt/);
  addCachedModel(cache, "org/plain", { config, template: "{{ messages[0].content }}" });
  const table = models("--cache", cache).stdout;
  assert.match(table, /org\/plain .* system message .* yes/);
  assert.match(table, /the system message tells of the tools \(settings\.toolPrompt\)\.$/m);
});

test("an empty cache says how to fill it", (t) => {
  const cache = folderWith(t);
  const { stdout, status } = models("--cache", cache);
  assert.equal(status, 0);
  assert.equal(
    stdout,
    `There is no model in ${cache}. Download one, as with: hf download Qwen/Qwen2.5-0.5B-Instruct\n`,
  );
});
