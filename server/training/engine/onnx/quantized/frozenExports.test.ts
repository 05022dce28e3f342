/** What a policy in blocks of 4 bits is read from, and what it leaves behind: the weights as their files have them. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { InputError } from "../../../../../schemas/problem.ts";
import { asFloat32, readSafetensors, type TensorData, writeSafetensors } from "../../safetensors.ts";
import { createOnnxEngine } from "../engine.ts";
import { exportCheckpoint } from "../exporting/exportCheckpoint.ts";
import { mergedWeights } from "../merging.ts";
import { train } from "../testing/course.ts";
import { loadWeights } from "../weights.ts";
import { type FrozenModels, frozenLora, frozenModels, lora } from "./testing.ts";

let models: FrozenModels;
let dir = "";
before(() => {
  models = frozenModels();
  dir = mkdtempSync(join(tmpdir(), "frozen-exports-"));
});
after(() => {
  models.remove();
  rmSync(dir, { recursive: true, force: true });
});

const open = (model = models.original) =>
  createOnnxEngine({
    model,
    adapter: frozenLora,
    device: "cpu",
    threads: 1,
    microBatchTokens: 40,
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 1 },
    seed: 5,
  });

function folder(name: string): string {
  mkdirSync(join(dir, name));
  return join(dir, name);
}

/** A copy of the model with one number of a tensor changed. */
function changed(name: string, value: number, tensor: string): string {
  const copy = join(dir, name);
  cpSync(models.original, copy, { recursive: true });
  change(copy, value, tensor);
  return copy;
}

function change(model: string, value: number, tensor: string): void {
  const file = join(model, "model.safetensors");
  const tensors = new Map(readSafetensors(file).tensors);
  const found = tensors.get(tensor) as TensorData;
  const data = asFloat32(found).slice();
  data[3] = value;
  tensors.set(tensor, { ...found, data });
  writeSafetensors(file, tensors);
}

test("an exported model is the adapter merged into the weights of the files, not into what their blocks stand for", async () => {
  const engine = await open();
  await train(engine, 0, 2);
  const saved = folder("saved");
  await engine.save(saved);
  await engine.exportModel(join(dir, "exported"), "f32");
  await engine.dispose();

  const { config } = models;
  const { tensors } = readSafetensors(join(saved, "adapter_model.safetensors"));
  const adapter = new Map(
    [...tensors].map(([name, tensor]) => [name.replace("base_model.model.", ""), asFloat32(tensor)] as const),
  );
  const expected = mergedWeights(loadWeights(models.original, config), adapter, config, lora);
  for (const [name, values] of loadWeights(join(dir, "exported"), config)) {
    assert.deepEqual(values, expected.get(name), name);
  }
  exportCheckpoint(folder("of-checkpoint"), {
    model: models.original,
    adapter: frozenLora,
    checkpoint: saved,
    as: "safetensors",
    dtype: "f32",
  });
  const [a, b] = ["exported", "of-checkpoint"].map((name) => readFileSync(join(dir, name, "model.safetensors")));
  assert.ok((a as Buffer).equals(b as Buffer), "a checkpoint is exported as the policy that it is of");
});

test("an adapter is not merged into files that have changed since it was trained, and can be had alone", async () => {
  const model = changed("moved", 1, "model.norm.weight");
  const engine = await open(model);
  await engine.save(folder("before"));
  change(model, 2, "model.norm.weight");
  await assert.rejects(
    engine.exportModel(join(dir, "wrong"), "f32"),
    (error) => error instanceof InputError && /have changed since the adapter was trained on them/.test(error.message),
  );
  await engine.exportAdapter(folder("alone"));
  await engine.dispose();
});

test("a projection with a number that is not finite cannot be kept in 4 bits, and is named", async () => {
  const name = "model.layers.1.mlp.up_proj.weight";
  await assert.rejects(
    open(changed("infinite", Number.POSITIVE_INFINITY, name)),
    (error) => error instanceof InputError && error.place?.key === name && /is not finite/.test(error.message),
  );
});
