import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import { describe, InputError } from "../../../../schemas/problem.ts";
import { readSafetensors, type TensorData, toBfloat16, writeSafetensors } from "../safetensors.ts";
import { AdamW } from "./adamw.ts";
import { loadOptimizer, saveOptimizer } from "./checkpointFiles.ts";
import { exportModel } from "./exportModel.ts";
import { readModelConfig } from "./modelConfig.ts";
import { parameterShapes } from "./parameters.ts";
import { goldenDir } from "./testing/golden.ts";
import { endTokens, loadWeights, saveWeights, type Weights } from "./weights.ts";

const config = readModelConfig(goldenDir("untied"));
const NAME = "model.layers.1.mlp.down_proj.weight";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "policy-"));
  cpSync(goldenDir("untied"), dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Asserts an InputError whose description names all of these. */
function refused(action: () => unknown, ...names: (string | RegExp)[]): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof InputError, String(error));
    for (const name of names) {
      assert.ok(
        typeof name === "string" ? describe(error).includes(name) : name.test(describe(error)),
        describe(error),
      );
    }
    return true;
  });
}

function rewrite(change: (tensors: Map<string, TensorData>) => void): void {
  const path = join(dir, "model.safetensors");
  const tensors = new Map(readSafetensors(path).tensors);
  change(tensors);
  writeSafetensors(path, tensors);
}

test("every parameter is read, half precision widened", () => {
  const before = loadWeights(dir, config);
  assert.deepEqual([...before.keys()], [...parameterShapes(config).keys()]);
  const values = before.get(NAME) as Float32Array;
  rewrite((tensors) => {
    tensors.set(NAME, { ...(tensors.get(NAME) as TensorData), dtype: "BF16", data: toBfloat16(values) });
  });
  const after = loadWeights(dir, config).get(NAME) as Float32Array;
  assert.equal(after.length, values.length);
  for (const [i, value] of values.entries()) assert.ok(Math.abs((after[i] as number) - value) <= Math.abs(value) / 256);
});

test("a missing tensor is named, with the folder", () => {
  rewrite((tensors) => tensors.delete(NAME));
  refused(() => loadWeights(dir, config), dir, NAME);
});

test("an untied policy without a head is refused", () => {
  rewrite((tensors) => tensors.delete("lm_head.weight"));
  refused(() => loadWeights(dir, config), dir, "lm_head.weight");
});

test("a tensor of another shape is named, with both shapes", () => {
  rewrite((tensors) => {
    const tensor = tensors.get(NAME) as TensorData;
    tensors.set(NAME, { ...tensor, shape: tensor.shape.toReversed() });
  });
  refused(() => loadWeights(dir, config), dir, NAME, "[48, 32]", "[32, 48]");
});

test("a folder without weights is named", () => {
  rmSync(join(dir, "model.safetensors"));
  refused(() => loadWeights(dir, config), dir, "model.safetensors");
});

test("integer weights are refused as an input's fault, by name", () => {
  rewrite((tensors) => {
    const { shape } = tensors.get(NAME) as TensorData;
    tensors.set(NAME, { dtype: "I32", shape, data: new Uint8Array(4 * 32 * 48) });
  });
  refused(() => loadWeights(dir, config), dir, NAME);
});

function setEnd(file: string, value: unknown): void {
  const path = join(dir, file);
  const old = file === "config.json" ? (JSON.parse(readFileSync(path, "utf8")) as object) : {};
  writeFileSync(path, JSON.stringify({ ...old, eos_token_id: value }));
}

test("the end of a completion: generation_config.json comes first, one id or several", () => {
  assert.deepEqual([...endTokens(dir)], [1]);
  setEnd("generation_config.json", [5, 7]);
  assert.deepEqual([...endTokens(dir)], [5, 7]);
  setEnd("generation_config.json", undefined);
  setEnd("config.json", 9);
  assert.deepEqual([...endTokens(dir)], [9]);
});

test("a policy that never ends is refused", () => {
  setEnd("config.json", undefined);
  refused(() => endTokens(dir), dir, "eos_token_id");
  setEnd("config.json", "<|im_end|>");
  refused(() => endTokens(dir), join(dir, "config.json"), "eos_token_id");
});

function optimizerWith(weights: Weights): AdamW {
  return new AdamW(weights, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 });
}

test("the optimizer's state comes back, and another policy's is refused", () => {
  const path = join(dir, "optimizer.safetensors");
  const weights = new Map([...loadWeights(dir, config)].map(([name, values]) => [name, values.slice()]));
  const optimizer = optimizerWith(weights);
  optimizer.update(weights, new Map([...weights].map(([name, values]) => [name, values.map(Math.sin)])), 0.1);
  optimizer.update(weights, new Map([...weights].map(([name, values]) => [name, values.map(Math.cos)])), 0.1);
  saveOptimizer(path, optimizer, config);
  const fresh = optimizerWith(weights);
  loadOptimizer(path, fresh);
  assert.equal(fresh.step, 2);
  assert.deepEqual(fresh.moments, optimizer.moments);

  const { tensors } = readSafetensors(path);
  writeSafetensors(path, tensors);
  refused(() => loadOptimizer(path, fresh), path, /steps/);
  const fewer = new Map(tensors);
  fewer.delete(`v.${NAME}`);
  writeSafetensors(path, fewer, { step: "2" });
  refused(() => loadOptimizer(path, fresh), path, `v.${NAME}`);
  refused(() => loadOptimizer(join(dir, "none.safetensors"), fresh), "none.safetensors");
});

test("an exported policy is a model directory of its own, in either precision", () => {
  const weights = loadWeights(dir, config);
  setEnd("generation_config.json", 3);
  for (const dtype of ["f32", "bf16"] as const) {
    const target = join(dir, `exported-${dtype}`);
    exportModel(target, dir, weights, config, dtype);
    assert.deepEqual(readModelConfig(target), config);
    assert.deepEqual([...endTokens(target)], [3]);
    const again = loadWeights(target, config);
    if (dtype === "f32") assert.deepEqual(again, weights);
    const path = join(dir, "model.safetensors");
    saveWeights(path, again, config, dtype);
    assert.deepEqual(loadWeights(dir, config), again, "what is exported once loses nothing the second time");
  }
});
