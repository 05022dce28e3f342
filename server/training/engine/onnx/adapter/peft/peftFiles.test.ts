/** Adapters of others: what is read, and what is refused by its key before anything is computed with it. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import { ADAPTER_TARGETS } from "../../../../../../schemas/adapter.ts";
import { describe, InputError } from "../../../../../../schemas/problem.ts";
import { readJson } from "../../../../../toolcalls/documents.ts";
import { assertToldInertly, BAD_NAMES, inertFaultOf } from "../../../../../toolcalls/testing/names.ts";
import { readSafetensors, type TensorData, toBfloat16, writeSafetensors } from "../../../safetensors.ts";
import { readModelConfig } from "../../model/modelConfig.ts";
import { goldenAdapter, goldenDir, goldenLora } from "../../testing/golden.ts";
import { adapterShapes } from "../adapterParameters.ts";
import { readPeftConfig } from "./peftConfig.ts";
import { readAdapter } from "./peftFiles.ts";

const lora = goldenLora("lora");
const shapes = adapterShapes(readModelConfig(goldenDir("lora")), lora);
const PREFIX = "base_model.model.";
const A = `${PREFIX}model.layers.1.mlp.up_proj.lora_A.weight`;

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "peft-"));
  cpSync(goldenAdapter("lora"), dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const config = () => join(dir, "adapter_config.json");

function changeConfig(changes: Record<string, unknown>): void {
  const original = JSON.parse(readFileSync(join(goldenAdapter("lora"), "adapter_config.json"), "utf8")) as object;
  writeFileSync(config(), JSON.stringify({ ...original, ...changes }));
}

function changeTensors(change: (tensors: Map<string, TensorData>) => void): void {
  const file = join(dir, "adapter_model.safetensors");
  const tensors = new Map(readSafetensors(file).tensors);
  change(tensors);
  writeSafetensors(file, tensors);
}

const empty = () =>
  new Map([...shapes].map(([name, [a, b]]) => [name, new Float32Array((a as number) * (b as number))]));

function read(): Map<string, Float32Array> {
  const into = empty();
  readAdapter(dir, lora, into, shapes);
  return into;
}

/** Asserts an InputError at this key whose description holds all of these. */
function refused(key: string, ...words: string[]): void {
  const before = empty();
  assert.throws(
    () => readAdapter(dir, lora, before, shapes),
    (error) => {
      assert.ok(error instanceof InputError, String(error));
      assert.equal(error.place?.key, key);
      for (const word of words) assert.ok(describe(error).includes(word), describe(error));
      return true;
    },
  );
  assert.deepEqual(before, empty(), "nothing is read before all is found right");
}

test("what PEFT saves as all-linear are the paths of all modules, read as all projections", () => {
  const paths = (JSON.parse(readFileSync(config(), "utf8")) as { target_modules: string[] }).target_modules;
  assert.ok(paths.includes("model.layers.1.mlp.up_proj"), "the golden file is no witness");
  assert.deepEqual(readPeftConfig(readJson(config())).targets, ADAPTER_TARGETS);
});

test("targets may be last parts, parts with their module, or all of them by a word", () => {
  for (const [named, targets] of [
    [
      ["v_proj", "self_attn.q_proj"],
      ["q_proj", "v_proj"],
    ],
    [["mlp.up_proj", "model.layers.0.mlp.up_proj"], ["up_proj"]],
    ["all-linear", ADAPTER_TARGETS],
  ]) {
    changeConfig({ target_modules: named });
    assert.deepEqual(readPeftConfig(readJson(config())).targets, targets);
  }
});

test("what this engine does not compute is refused by its key", () => {
  for (const [key, value, ...words] of [
    ["peft_type", "LOHA", "LOHA"],
    ["bias", "all", "biases"],
    ["task_type", "SEQ_CLS", "SEQ_CLS"],
    ["use_dora", true],
    ["modules_to_save", ["lm_head"]],
    ["rank_pattern", { q_proj: 3 }],
    ["alpha_pattern", { q_proj: 3 }],
    ["fan_in_fan_out", true],
    ["layers_to_transform", [0]],
    ["lora_bias", true],
    ["exclude_modules", ["q_proj"]],
    ["trainable_token_indices", [1, 2]],
    ["something_of_tomorrow", { a: 1 }],
    ["init_lora_weights", "pissa", "changed"],
    ["target_modules", ["q_proj", "lm_head"], "lm_head"],
    ["target_modules", ".*_proj", "pattern"],
    ["target_modules", ["model.layers.1.mlp.up_proj"], "some layers only"],
    ["target_modules", ["model.layers.0.mlp.up_proj", "q_proj"], "some layers only"],
  ] as [string, unknown, ...string[]][]) {
    changeConfig({ [key]: value });
    refused(key, ...(words.length > 0 ? words : [`"${key}"`]));
  }
});

test("an adapter of another shape than the settings say is refused, with both", () => {
  for (const [key, value, word] of [
    ["r", 5, "settings.adapter.rank is 3"],
    ["lora_alpha", 16, "settings.adapter.alpha is 4"],
    ["use_rslora", true, "settings.adapter.rankStabilized is false"],
    ["target_modules", ["q_proj"], "settings.adapter.targets"],
  ] as const) {
    changeConfig({ [key]: value });
    refused(key, word);
  }
});

test("half precision is widened", () => {
  const expected = read();
  changeTensors((tensors) => {
    for (const [name, tensor] of tensors) {
      tensors.set(name, { ...tensor, dtype: "BF16", data: toBfloat16(tensor.data as Float32Array) });
    }
  });
  for (const [name, values] of read()) {
    for (const [i, value] of values.entries()) {
      const exact = expected.get(name)?.[i] as number;
      assert.ok(Math.abs(value - exact) <= Math.abs(exact) / 256);
    }
  }
});

test("a tensor that is missing, misshapen, of integers or foreign is named", () => {
  const original = readSafetensors(join(dir, "adapter_model.safetensors")).tensors;
  const tensor = original.get(A) as TensorData;
  const foreign = `${PREFIX}model.layers.9.mlp.up_proj.lora_A.weight`;
  for (const [name, other, word] of [
    [A, undefined, "lacks"],
    [A, { ...tensor, shape: tensor.shape.toReversed() }, "[18, 3]"],
    [A, { dtype: "I32", shape: tensor.shape, data: new Uint8Array(tensor.data.byteLength) }, "I32"],
    [foreign, tensor, "no place for"],
    ["lm_head.weight", tensor, "no place for"],
  ] as [string, TensorData | undefined, string][]) {
    changeTensors((tensors) => {
      tensors.clear();
      for (const [key, value] of original) tensors.set(key, value);
      if (other === undefined) tensors.delete(name);
      else tensors.set(name, other);
    });
    refused(name, word);
  }
});

for (const bad of BAD_NAMES) {
  test(`told inert and short: ${bad.what} in a tensor's name, a key or a value`, () => {
    for (const changes of [
      { [bad.name]: true },
      { peft_type: bad.name },
      { bias: bad.name },
      { task_type: bad.name },
      { init_lora_weights: bad.name },
      { target_modules: [bad.name] },
    ]) {
      changeConfig(changes);
      assertToldInertly(bad, read);
    }
    changeConfig({});
    for (const name of [bad.name, PREFIX + bad.name]) {
      changeTensors((tensors) => tensors.set(name, { dtype: "U8", shape: [], data: new Uint8Array(1) }));
      assertToldInertly(bad, read);
      changeTensors((tensors) => tensors.delete(name));
    }
  });
}

test("a shape of many dimensions is told in short", () => {
  changeTensors((tensors) => {
    const tensor = tensors.get(A) as TensorData;
    tensors.set(A, { ...tensor, shape: [...tensor.shape, ...new Array(50_000).fill(1)] });
  });
  assert.match(inertFaultOf(read), /has the shape \[3, 18, 1, .*…\] where the model and r ask for \[3, 18\]/);
});

test("an adapter in a pickle is named, and not opened", () => {
  renameSync(join(dir, "adapter_model.safetensors"), join(dir, "adapter_model.bin"));
  assert.throws(read, /adapter_model\.bin, a format that can run programs/);
});
