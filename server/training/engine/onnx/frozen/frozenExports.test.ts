/** What a policy in another form than float32 is read from, and what it leaves behind: the weights as their files have them. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { InputError } from "../../../../../schemas/problem.ts";
import { narrowFloat16, toBfloat16 } from "../../halfFloats.ts";
import type { Lora } from "../../lora.ts";
import { asFloat32, readSafetensors, type TensorData, writeSafetensors } from "../../safetensors.ts";
import { mergedWeights } from "../adapter/merging.ts";
import { createOnnxEngine } from "../engine.ts";
import { exportCheckpoint } from "../exporting/exportCheckpoint.ts";
import { loadWeights, ownMemory } from "../model/weights.ts";
import { train } from "../testing/course.ts";
import { frozenProjections } from "./frozenParameters.ts";
import { loadFrozen } from "./frozenWeights.ts";
import { HALF } from "./halfForm.ts";
import { type FrozenModels, frozenModels, lora } from "./testing.ts";

const frozenLora: Lora = { ...lora, frozen: { kind: "blocks", block: 16 } };

let models: FrozenModels;
let dir = "";
before(() => {
  models = frozenModels({ kind: "half" });
  dir = mkdtempSync(join(tmpdir(), "frozen-exports-"));
});
after(() => {
  models.remove();
  rmSync(dir, { recursive: true, force: true });
});

const open = (model = models.original, adapter = frozenLora) =>
  createOnnxEngine({
    model,
    adapter,
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

test("a projection with a number that cannot be kept is refused in one sentence that names it", async () => {
  const name = "model.layers.1.mlp.up_proj.weight";
  const half: Lora = { ...lora, frozen: { kind: "half" } };
  const infinite = changed("infinite", Number.POSITIVE_INFINITY, name);
  const large = changed("large", -65_536, name);
  const refused = (model: string, adapter: Lora, sentence: string) =>
    assert.rejects(open(model, adapter), (error) => {
      assert.ok(error instanceof InputError);
      assert.equal(error.message, sentence);
      assert.deepEqual(error.place, { file: model, key: name });
      return true;
    });
  await refused(
    infinite,
    frozenLora,
    `The tensor ${name} holds a number that is not finite, which cannot be kept in 4 bits.`,
  );
  await refused(
    infinite,
    half,
    `The tensor ${name} holds a number that is not finite, which cannot be kept in float16.`,
  );
  await refused(
    large,
    half,
    `The tensor ${name} holds a number beyond ±65504, which cannot be kept in float16; set settings.adapter.base to "f32".`,
  );
});

test("weights in float16 are those of the files, whichever of the three types these have", () => {
  const bits = (model: string) => loadFrozen(model, models.config, { kind: "half" }, ownMemory);
  const expected = bits(models.rounded);
  for (const [dtype, written] of [
    ["F16", "half"],
    ["BF16", "brain"],
  ] as const) {
    const copy = join(dir, written);
    cpSync(models.original, copy, { recursive: true });
    const file = join(copy, "model.safetensors");
    const tensors = [...readSafetensors(file).tensors].map(([name, tensor]) => {
      const values = asFloat32(tensor);
      const halves = new Uint16Array(values.length);
      narrowFloat16(values, halves);
      const data = dtype === "F16" ? new Uint8Array(halves.buffer) : toBfloat16(values);
      return [name, { ...tensor, dtype, data }] as const;
    });
    writeSafetensors(file, new Map(tensors));
    const found = bits(copy);
    for (const { name } of frozenProjections(models.config)) {
      const values = found.get(`${name}.half`) as Uint16Array;
      if (dtype === "F16") assert.deepEqual(values, expected.get(`${name}.half`), name);
      else {
        const written = loadWeights(copy, models.config).get(name) as Float32Array;
        // Eight bits of a fraction fit float16's eleven, but for numbers below its smallest steps.
        for (const [i, value] of HALF.read([values]).entries())
          assert.ok(Math.abs(value - (written[i] as number)) <= 2 ** -25, name);
      }
    }
  }
});
