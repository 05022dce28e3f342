import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { describe, InputError } from "../../schemas/problem.ts";
import { readRunRecord } from "../store/runFolder.ts";
import { asFloat32, readSafetensors } from "./engine/safetensors.ts";
import { type Exported, type ExportRequest, exportRun } from "./exportRun.ts";
import { type CheckpointedRun, checkpointedRun } from "./testing/checkpointedRun.ts";

const WEIGHT = "model.layers.0.mlp.up_proj.weight";
const B = "model.layers.0.mlp.up_proj.lora_B.weight";

function exporting(
  run: CheckpointedRun,
  request: Partial<ExportRequest> = {},
  found?: (step: number) => void,
): Promise<Exported> {
  const to = join(dirname(run.model), "exported");
  return exportRun(run.folder, readRunRecord(run.folder), { to, as: "safetensors", dtype: "f32", ...request }, found);
}

/** Asserts one sentence, and that nothing was left where the export would be. */
async function refused(
  run: CheckpointedRun,
  sentence: RegExp,
  request: Partial<ExportRequest> = {},
  found?: (step: number) => void,
): Promise<void> {
  const beside = () => readdirSync(dirname(run.model)).sort();
  const before = beside();
  await assert.rejects(exporting(run, request, found), (error) => {
    assert.ok(error instanceof InputError, String(error));
    assert.match(describe(error), sentence);
    assert.equal(describe(error).includes("\n"), false);
    return true;
  });
  assert.deepEqual(beside(), before);
}

function tensor(file: string, name: string): { dtype: string; first: number } {
  const found = readSafetensors(file).tensors.get(name);
  assert.ok(found, `${file} has no ${name}`);
  return { dtype: found.dtype, first: asFloat32(found)[0] as number };
}

test("what somebody puts there while the export is written stays", async (t) => {
  const run = await checkpointedRun(t, "full", [1]);
  const to = join(dirname(run.model), "exported");
  const put = (): void => {
    mkdirSync(to);
    writeFileSync(join(to, "notes.txt"), "mine");
  };
  await assert.rejects(exporting(run, { to }, put), /not empty/);
  assert.deepEqual(
    readdirSync(dirname(to)).filter((name) => name.startsWith("exported")),
    ["exported"],
  );
  assert.equal(readFileSync(join(to, "notes.txt"), "utf8"), "mine");
});

test("the newest checkpoint is exported, or the one of the step that is named", async (t) => {
  const run = await checkpointedRun(t, "full", [0, 2, 4]);
  const original = tensor(join(run.model, "model.safetensors"), WEIGHT).first;
  const newest = await exporting(run);
  assert.equal(newest.step, 4);
  assert.deepEqual(
    newest.files.map(({ name }) => name),
    ["config.json", "model.safetensors"],
  );
  const file = (folder: string) => join(folder, "model.safetensors");
  assert.deepEqual(tensor(file(newest.folder), WEIGHT), { dtype: "F32", first: Math.fround(original * 5) });
  const named = await exporting(run, { to: `${newest.folder}-2`, step: 2, dtype: "bf16" });
  const half = tensor(file(named.folder), WEIGHT);
  assert.equal(half.dtype, "BF16");
  assert.ok(Math.abs(half.first / (original * 3) - 1) < 2 ** -8);
  assert.match(readFileSync(join(named.folder, "config.json"), "utf8"), /"dtype": "bfloat16"/);
});

test("a run with an adapter is exported as the adapter, merged, and as a graph", async (t) => {
  const run = await checkpointedRun(t, "adapter", [1]);
  const adapter = await exporting(run, { as: "adapter" });
  assert.deepEqual(
    adapter.files.map(({ name }) => name),
    ["adapter_config.json", "adapter_model.safetensors"],
  );
  const saved = join(run.folder, "checkpoints", "step-1", "adapter_model.safetensors");
  const written = tensor(join(adapter.folder, "adapter_model.safetensors"), `base_model.model.${B}`);
  assert.deepEqual(written, tensor(saved, `base_model.model.${B}`));
  const merged = await exporting(run, { to: `${adapter.folder}-merged` });
  const base = tensor(join(run.model, "model.safetensors"), WEIGHT).first;
  assert.notEqual(tensor(join(merged.folder, "model.safetensors"), WEIGHT).first, base);
  const onnx = await exporting(run, { to: `${adapter.folder}-onnx`, as: "onnx" });
  assert.deepEqual(
    onnx.files.map(({ name }) => name),
    ["config.json", "genai_config.json", "onnx/model.onnx"],
  );
});

test("an empty folder is filled; one with something in it, or a file, is left alone", async (t) => {
  const run = await checkpointedRun(t, "full", [1]);
  const to = join(dirname(run.model), "mine");
  mkdirSync(to);
  assert.equal((await exporting(run, { to })).folder, to);
  await refused(run, /mine: The folder is not empty; an export writes over nothing/, { to });
  writeFileSync(`${to}.txt`, "");
  await refused(run, /mine\.txt: A file is called so/, { to: `${to}.txt` });
  await refused(run, /mine\.txt: A file is called so/, { to: join(`${to}.txt`, "in", "it") });
  assert.equal((await exporting(run, { to: join(`${to}-2`, "in", "it") })).folder, join(`${to}-2`, "in", "it"));
});

test("what cannot be exported is said in one sentence", async (t) => {
  const none = await checkpointedRun(t, "full", []);
  await refused(none, /The run has no checkpoint yet/);
  const run = await checkpointedRun(t, "full", [0, 2, 4]);
  await refused(run, /no checkpoint of step 3; it has those of step 0, 2, 4\./, { step: 3 });
  await refused(run, /trains every weight, so it has no adapter; export it as safetensors or onnx/, { as: "adapter" });
});

test("a base model that is gone or has changed is named, before it is read", async (t) => {
  const run = await checkpointedRun(t, "adapter", [1]);
  const config = join(run.model, "config.json");
  const text = readFileSync(config, "utf8");
  writeFileSync(config, text.replace('"hidden_size": 18', '"hidden_size": 36'));
  await refused(run, /config\.json: The file has changed since the run began; put it back as it was/);
  writeFileSync(config, text);
  rmSync(join(run.model, "model.safetensors"));
  await refused(run, /model\.safetensors: The file is gone since the run began/);
  rmSync(run.model, { recursive: true });
  await refused(run, /config\.json: The file is gone since the run began/);
});

test("a damaged checkpoint is passed over for an older one, unless it was asked for or there is no other", async (t) => {
  const run = await checkpointedRun(t, "full", [1, 2]);
  const weights = (step: number) => join(run.folder, "checkpoints", `step-${step}`, "model.safetensors");
  truncateSync(weights(2), 100);
  await refused(run, /100 bytes instead of .* damaged/, { step: 2 });
  assert.equal((await exporting(run)).step, 1);
  rmSync(weights(1));
  await refused(run, /damaged/, { to: join(dirname(run.model), "other") });
  assert.equal(existsSync(join(dirname(run.model), "other")), false);
});

test("where the run removes what is being read, the newest of then is exported, or a named one is said to be gone", async (t) => {
  const run = await checkpointedRun(t, "full", [1, 2, 3, 4, 5]);
  const remove = (step: number) => rmSync(join(run.folder, "checkpoints", `step-${step}`), { recursive: true });
  const seen: number[] = [];
  const { step } = await exporting(run, {}, (found) => {
    seen.push(found);
    if (found > 4) remove(found);
  });
  assert.equal(step, 4);
  assert.deepEqual(seen, [5, 4]);
  const other = { to: join(dirname(run.model), "other") };
  await refused(run, /removed its checkpoint of step 4 while it was read/, { ...other, step: 4 }, remove);
  await refused(run, /removed its checkpoint of step 1 while it was read/, other, remove);
});
