/** The exported graph against PyTorch, run by ONNX Runtime as others run it. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { AdaptedPolicy } from "../adapter/adaptedPolicy.ts";
import { readModelConfig } from "../model/modelConfig.ts";
import { loadWeights, ownMemory, type Weights } from "../model/weights.ts";
import { largestDifference } from "../testing/evaluate.ts";
import { type Golden, goldenAdapter, goldenDir, goldenLora, goldenModels, readGolden } from "../testing/golden.ts";
import { exportOnnx } from "./exportOnnx.ts";
import type { FileBounds } from "./onnxFiles.ts";
import { ExportedModel } from "./testing.ts";

function temporary(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "export-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function exported(
  t: TestContext,
  model: string,
  { weights, bounds }: { weights?: Pick<Weights, "get">; bounds?: FileBounds } = {},
): Promise<{ dir: string; policy: ExportedModel }> {
  const dir = temporary(t);
  const config = readModelConfig(goldenDir(model));
  exportOnnx(dir, goldenDir(model), weights ?? loadWeights(goldenDir(model), config), config, bounds);
  const policy = await ExportedModel.open(dir, config);
  t.after(() => policy.release());
  return { dir, policy };
}

interface Sequence {
  prompt: number[];
  tokens: number[];
  /** That predict each of the tokens. */
  logits: number[][];
}

const sequencesOf = ({ groups }: Golden): Sequence[] =>
  groups.flatMap(({ prompt, completions }) => completions.map(({ tokens, logits }) => ({ prompt, tokens, logits })));

const upTo = (length: number): number[] => Array.from({ length }, (_, index) => index);

function assertLogits(found: Float32Array | undefined, expected: number[] | undefined, where: string): void {
  const difference = largestDifference(found ?? [], expected ?? [0]);
  assert.ok(difference < 1e-4, `${where}: off by ${difference}`);
}

async function assertInOneGo(policy: ExportedModel, sequences: readonly Sequence[]): Promise<void> {
  for (const [index, { prompt, tokens, logits }] of sequences.entries()) {
    const ids = [...prompt, ...tokens];
    policy.reset(1);
    const [row = []] = await policy.call({ ids: [ids], mask: [ids.map(() => 1)], positions: [upTo(ids.length)] });
    for (const t of tokens.keys()) assertLogits(row[prompt.length - 1 + t], logits[t], `sequence ${index}, token ${t}`);
  }
}

for (const model of goldenModels) {
  const sequences = sequencesOf(readGolden(model));

  test(`${model}: whole sequences get PyTorch's logits`, async (t) => {
    const { policy } = await exported(t, model);
    await assertInOneGo(policy, sequences);
  });

  test(`${model}: prompts padded on the left, then token by token with the cache, get them too`, async (t) => {
    const { policy } = await exported(t, model);
    const width = Math.max(...sequences.map(({ prompt }) => prompt.length));
    const padding = sequences.map(({ prompt }) => width - prompt.length);
    assert.ok(new Set(padding).size > 1, "nothing is padded");
    const pad = (row: number, value: number) => new Array<number>(padding[row] as number).fill(value);
    policy.reset(sequences.length);
    // Padding is a token like any other, at position 0 as transformers.js has it: only the mask says that it does not count.
    let found = await policy.call({
      ids: sequences.map(({ prompt }, row) => [...pad(row, 1), ...prompt]),
      mask: sequences.map(({ prompt }, row) => [...pad(row, 0), ...prompt.map(() => 1)]),
      positions: sequences.map(({ prompt }, row) => [...pad(row, 0), ...upTo(prompt.length)]),
    });
    for (let t = 0; t < Math.max(...sequences.map(({ tokens }) => tokens.length)); t++) {
      for (const [row, { logits }] of sequences.entries())
        if (t < logits.length) assertLogits(found[row]?.at(-1), logits[t], `sequence ${row}, token ${t}`);
      found = await policy.call({
        ids: sequences.map(({ tokens }) => [tokens[t] ?? 1]),
        mask: sequences.map(({ prompt }, row) => [...pad(row, 0), ...prompt.map(() => 1), ...upTo(t + 1).map(() => 1)]),
        positions: sequences.map(({ prompt }) => [prompt.length + t]),
      });
    }
  });
}

test("an adapter is merged into the graph", async (t) => {
  const config = readModelConfig(goldenDir("lora"));
  const lora = goldenLora("lora");
  const adapted = new AdaptedPolicy(
    goldenDir("lora"),
    config,
    { lora, seed: 0, initial: goldenAdapter("lora") },
    ownMemory,
  );
  const { policy } = await exported(t, "lora", { weights: adapted.merged() });
  await assertInOneGo(policy, sequencesOf(readGolden("lora")));
});

test("weights above the bounds lie in files beside the graph, and config.json says in how many", async (t) => {
  const sequences = sequencesOf(readGolden("untied"));
  const said = (dir: string) =>
    (JSON.parse(readFileSync(join(dir, "config.json"), "utf8")) as Record<string, unknown>)["transformers.js_config"];
  const filesOf = (dir: string) => readdirSync(join(dir, "onnx")).sort();
  const inside = await exported(t, "untied");
  assert.deepEqual(filesOf(inside.dir), ["model.onnx"]);
  assert.deepEqual(said(inside.dir), { dtype: "fp32" });
  const beside = await exported(t, "untied", { bounds: { inside: 0, file: 2 ** 30 } });
  await assertInOneGo(beside.policy, sequences);
  assert.deepEqual(filesOf(beside.dir), ["model.onnx", "model.onnx_data"]);
  assert.deepEqual(said(beside.dir), { dtype: "fp32", use_external_data_format: true });
  const graph = (dir: string) => statSync(join(dir, "onnx", "model.onnx")).size;
  assert.ok(graph(beside.dir) < graph(inside.dir));
  // No two tensors go into one file.
  const many = await exported(t, "untied", { bounds: { inside: 0, file: 1 } });
  await assertInOneGo(many.policy, sequences);
  const files = filesOf(many.dir);
  assert.ok(files.length > 3 && files.includes("model.onnx_data_1"), files.join());
  assert.deepEqual(said(many.dir), { dtype: "fp32", use_external_data_format: files.length - 1 });
});

test("the graph has the names that others know, and no other inputs", async (t) => {
  const { policy, dir } = await exported(t, "tied");
  const { layers } = readModelConfig(goldenDir("tied"));
  const caches = (name: string) => upTo(layers).flatMap((layer) => [`${name}.${layer}.key`, `${name}.${layer}.value`]);
  assert.deepEqual(policy.inputs, ["input_ids", "attention_mask", "position_ids", ...caches("past_key_values")]);
  assert.deepEqual([...policy.outputs].sort(), ["logits", ...caches("present")].sort());
  const { model } = JSON.parse(readFileSync(join(dir, "genai_config.json"), "utf8")) as {
    model: Record<string, unknown> & { decoder: { filename: string; inputs: Record<string, string> } };
  };
  // Of config.json: no beginning there, so the end stands in.
  assert.deepEqual([model.type, model.bos_token_id, model.eos_token_id, model.pad_token_id], ["qwen2", 1, 1, 0]);
  assert.ok(existsSync(join(dir, model.decoder.filename)));
  assert.equal(model.decoder.inputs.past_key_names?.replace("%d", "0"), policy.inputs[3]);
});
