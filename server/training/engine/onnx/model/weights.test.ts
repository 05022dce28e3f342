import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import { describe, InputError } from "../../../../../schemas/problem.ts";
import { assertToldInertly, BAD_NAMES, inertFaultOf } from "../../../../toolcalls/testing/names.ts";
import { readSafetensors, type TensorData, toBfloat16, writeSafetensors } from "../../safetensors.ts";
import { loadOptimizer, saveOptimizer } from "../checkpointFiles.ts";
import { AdamW } from "../residence/adamw.ts";
import { goldenDir } from "../testing/golden.ts";
import { exportModel } from "./exportModel.ts";
import { readModelConfig } from "./modelConfig.ts";
import { parameterShapes } from "./parameters.ts";
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

test("what belongs to no policy of this architecture is refused, what follows from config.json is passed over", () => {
  const one: TensorData = { dtype: "F32", shape: [4], data: new Float32Array(4) };
  const before = loadWeights(dir, config);
  rewrite((tensors) => {
    tensors.set("model.layers.0.self_attn.rotary_emb.inv_freq", one);
    tensors.set("model.rotary_emb.inv_freq", one);
    tensors.set("v_head.summary.weight", one);
  });
  assert.deepEqual(loadWeights(dir, config), before);
  for (const name of [
    "model.layers.0.self_attn.o_proj.bias",
    "model.layers.0.self_attn.q_norm.weight",
    "model.layers.2.x",
  ]) {
    rewrite((tensors) => tensors.set(name, one));
    refused(() => loadWeights(dir, config), dir, name, /no place for/);
    rewrite((tensors) => tensors.delete(name));
  }
});

for (const bad of BAD_NAMES) {
  test(`told inert and short: a tensor without a place, with ${bad.what} in its name`, () => {
    rewrite((tensors) => tensors.set(`model.${bad.name}`, { dtype: "U8", shape: [], data: new Uint8Array(1) }));
    assertToldInertly(bad, () => loadWeights(dir, config));
  });
}

test("a shape of many dimensions is told in short", () => {
  rewrite((tensors) => {
    const tensor = tensors.get(NAME) as TensorData;
    tensors.set(NAME, { ...tensor, shape: [...tensor.shape, ...new Array(50_000).fill(1)] });
  });
  assert.match(
    inertFaultOf(() => loadWeights(dir, config)),
    /has the shape \[32, 48, 1, .*…\] where config\.json asks for \[32, 48\]/,
  );
});

test("nothing is read before every tensor has been found right", () => {
  const into = new Map([...parameterShapes(config)].map(([name]) => [name, new Float32Array(0)]));
  rewrite((tensors) => tensors.delete("lm_head.weight"));
  // The arrays are too short for any tensor: reading the first one would throw a RangeError.
  refused(() => loadWeights(dir, config, into), "lm_head.weight");
});

test("weights are read into the arrays that are there", () => {
  const expected = loadWeights(dir, config);
  const into = new Map([...expected].map(([name, values]) => [name, new Float32Array(values.length)]));
  assert.equal(loadWeights(dir, config, into).get(NAME), into.get(NAME));
  assert.deepEqual(into, expected);
});

test("a tied head may be saved beside the embedding, or instead of it, but not differ from it", () => {
  const tied = readModelConfig(goldenDir("tied"));
  cpSync(goldenDir("tied"), dir, { recursive: true });
  const expected = loadWeights(dir, tied);
  const embedding = readSafetensors(join(dir, "model.safetensors")).tensors.get(
    "model.embed_tokens.weight",
  ) as TensorData;
  rewrite((tensors) => tensors.set("lm_head.weight", embedding));
  assert.deepEqual(loadWeights(dir, tied), expected);
  rewrite((tensors) => tensors.delete("model.embed_tokens.weight"));
  assert.deepEqual(loadWeights(dir, tied), expected);
  rewrite((tensors) => {
    tensors.set("model.embed_tokens.weight", embedding);
    const other = (embedding.data as Float32Array).map((value) => value + 1);
    tensors.set("lm_head.weight", { ...embedding, data: other });
  });
  refused(() => loadWeights(dir, tied), dir, "lm_head.weight", /tie_word_embeddings/);
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
  optimizer.update(weights, new Map([...weights].map(([name, values]) => [name, values.map(Math.sin)])), () => 0.1);
  optimizer.update(weights, new Map([...weights].map(([name, values]) => [name, values.map(Math.cos)])), () => 0.1);
  saveOptimizer(path, optimizer, parameterShapes(config));
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
    const written = JSON.parse(readFileSync(join(target, "config.json"), "utf8")) as Record<string, unknown>;
    const { torch_dtype: _, ...others } = JSON.parse(readFileSync(join(dir, "config.json"), "utf8"));
    // transformers loads in the precision that is named here.
    assert.deepEqual(written, { ...others, torch_dtype: dtype === "f32" ? "float32" : "bfloat16" });
    const again = loadWeights(target, config);
    if (dtype === "f32") assert.deepEqual(again, weights);
    const path = join(dir, "model.safetensors");
    saveWeights(path, again, config, dtype);
    assert.deepEqual(loadWeights(dir, config), again, "what is exported once loses nothing the second time");
  }
});
