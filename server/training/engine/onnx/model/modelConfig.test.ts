import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import { describe, InputError } from "../../../../../schemas/problem.ts";
import { assertToldInertly, BAD_NAMES, inertFaultOf } from "../../../../toolcalls/testing/names.ts";
import { goldenDir } from "../testing/golden.ts";
import { readModelConfig } from "./modelConfig.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "config-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const golden = JSON.parse(readFileSync(join(goldenDir("untied"), "config.json"), "utf8")) as Record<string, unknown>;

function write(changes: Record<string, unknown>): void {
  // JSON leaves undefined out: so a key is removed.
  writeFileSync(join(dir, "config.json"), JSON.stringify({ ...golden, ...changes }, null, 2));
}

/** Asserts an InputError that names the file and, in its place or its sentence, the key; and says what it must. */
function refused(key: string, message: RegExp): void {
  assert.throws(
    () => readModelConfig(dir),
    (error) => {
      assert.ok(error instanceof InputError, String(error));
      assert.equal(error.place?.file, join(dir, "config.json"));
      assert.ok(describe(error).includes(key), describe(error));
      assert.match(error.message, message);
      return true;
    },
  );
}

test("both layouts of config.json are read", () => {
  const untied = readModelConfig(goldenDir("untied"));
  assert.deepEqual(untied, {
    architecture: "qwen2",
    vocabulary: 64,
    hidden: 32,
    layers: 2,
    heads: 4,
    keyValueHeads: 2,
    headSize: 8,
    intermediate: 48,
    maxPositions: 128,
    positionsLimit: "max_position_embeddings",
    normEpsilon: 1e-6,
    ropeTheta: 1_000_000,
    ropeScaling: undefined,
    biases: ["q_proj", "k_proj", "v_proj"],
    headNorms: false,
    tied: false,
  });
  assert.deepEqual(readModelConfig(goldenDir("tied")), { ...untied, ropeTheta: 10_000, tied: true });
});

/** The parts of a configuration in which families differ. */
function partsOf(model: string) {
  const { architecture, heads, keyValueHeads, headSize, hidden, biases, headNorms, tied } = readModelConfig(
    goldenDir(model),
  );
  return { architecture, sizes: [hidden, heads, keyValueHeads, headSize], biases: biases.length, headNorms, tied };
}

test("each family has what tells it from the others", () => {
  const plain = { biases: 0, headNorms: false, tied: false };
  assert.deepEqual(partsOf("llama3"), { ...plain, architecture: "llama", sizes: [18, 3, 1, 6] });
  assert.deepEqual(partsOf("smollm2"), { ...plain, architecture: "llama", sizes: [18, 3, 1, 6], tied: true });
  assert.deepEqual(partsOf("llama-biases"), { ...plain, architecture: "llama", sizes: [18, 3, 1, 6], biases: 7 });
  assert.deepEqual(partsOf("mistral"), { ...plain, architecture: "mistral", sizes: [18, 2, 1, 8] });
  const qwen3 = { architecture: "qwen3", headNorms: true };
  assert.deepEqual(partsOf("qwen3"), { ...qwen3, sizes: [18, 3, 1, 12], biases: 0, tied: true });
  assert.deepEqual(partsOf("qwen3-biases"), { ...qwen3, sizes: [18, 4, 2, 8], biases: 4, tied: false });
});

test("keys of another family count for nothing, as in transformers", () => {
  write({ model_type: "mistral", architectures: ["MistralForCausalLM"], attention_bias: true, mlp_bias: true });
  assert.deepEqual(readModelConfig(dir).biases, []);
  write({ attention_bias: false, mlp_bias: true, sliding_window: 8 });
  const { biases, positionsLimit } = readModelConfig(dir);
  assert.deepEqual(biases, ["q_proj", "k_proj", "v_proj"]);
  assert.equal(positionsLimit, "max_position_embeddings");
});

const silent = {
  num_key_value_heads: undefined,
  rms_norm_eps: undefined,
  rope_theta: undefined,
  tie_word_embeddings: undefined,
  hidden_act: undefined,
  use_sliding_window: undefined,
  sliding_window: undefined,
  head_dim: undefined,
};

test("what a config.json may leave out has the defaults of Hugging Face's class", () => {
  const defaults = (changes: Record<string, unknown>) => {
    write({ ...silent, hidden_size: 1024, num_attention_heads: 64, ...changes });
    const { keyValueHeads, normEpsilon, ropeTheta, tied, headSize, maxPositions } = readModelConfig(dir);
    return { keyValueHeads, normEpsilon, ropeTheta, tied, headSize, maxPositions };
  };
  const common = { normEpsilon: 1e-6, ropeTheta: 10_000, tied: false, headSize: 16, maxPositions: 128 };
  const llama = { model_type: "llama", architectures: null };
  assert.deepEqual(defaults(llama), { ...common, keyValueHeads: 64 });
  assert.deepEqual(defaults({}), { ...common, keyValueHeads: 32 });
  assert.deepEqual(defaults({ num_key_value_heads: null }), { ...common, keyValueHeads: 64 });
  const qwen3 = { model_type: "qwen3", architectures: null };
  assert.deepEqual(defaults(qwen3), { ...common, keyValueHeads: 32, headSize: 128 });
  const mistral = { model_type: "mistral", architectures: null, max_position_embeddings: 32_768 };
  assert.deepEqual(defaults(mistral), { ...common, keyValueHeads: 8, maxPositions: 4096 });
});

const scaled = {
  rope_type: "llama3",
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 64,
};
const llama3 = { kind: "llama3", factor: 8, lowFrequency: 1, highFrequency: 4, originalPositions: 64 };

test("rotary scaling is read from either layout", () => {
  const scalingOf = (changes: Record<string, unknown>) => {
    write(changes);
    const { ropeTheta, ropeScaling } = readModelConfig(dir);
    return [ropeTheta, ropeScaling];
  };
  const linear = { kind: "linear", factor: 2 };
  assert.deepEqual(scalingOf({ rope_scaling: { type: "linear", factor: 2 } }), [1_000_000, linear]);
  assert.deepEqual(scalingOf({ rope_scaling: scaled, rope_theta: 500 }), [500, llama3]);
  assert.deepEqual(scalingOf({ rope_parameters: { ...scaled, rope_theta: 7 } }), [7, llama3]);
  assert.deepEqual(scalingOf({ rope_scaling: { type: "default" } }), [1_000_000, undefined]);
  assert.deepEqual(scalingOf({ rope_scaling: scaled, rope_parameters: { rope_theta: 7 } }), [1_000_000, llama3]);
  const { original_max_position_embeddings: _, ...shorter } = scaled;
  assert.deepEqual(scalingOf({ rope_scaling: shorter }), [1_000_000, { ...llama3, originalPositions: 128 }]);
});

test("a folder without config.json", () => refused("config.json", /config\.json is missing/));

test("a folder where config.json is none", () => {
  mkdirSync(join(dir, "config.json"));
  refused("config.json", /folder/);
});

test("a config.json that is no JSON, and no object", () => {
  writeFileSync(join(dir, "config.json"), '{"model_type": ');
  refused("config.json", /./);
  writeFileSync(join(dir, "config.json"), "[]");
  refused("config.json", /./);
});

const faults: [what: string, changes: Record<string, unknown>, key: string, message: RegExp][] = [
  ["another architecture", { model_type: "gpt2" }, "model_type", /"gpt2".*llama, mistral, qwen2, qwen3/],
  ["a mixture of experts", { model_type: "qwen3_moe" }, "model_type", /"qwen3_moe"/],
  [
    "a model that sees, whose language model stands in a part of its own",
    { model_type: "llava", hidden_size: undefined, text_config: { model_type: "llama" } },
    "model_type",
    /"llava"/,
  ],
  ["a name that every object has", { model_type: "constructor" }, "model_type", /"constructor"/],
  [
    "no language model",
    { architectures: ["Qwen2ForSequenceClassification"] },
    "architectures",
    /next token.*Qwen2ForCausalLM/,
  ],
  [
    "quantized weights",
    { quantization_config: { quant_method: "gptq" } },
    "quantization_config",
    /quantized \("gptq"\)/,
  ],
  ["a missing key", { hidden_size: undefined }, "hidden_size", /hidden_size/],
  ["a size of zero", { vocab_size: 0 }, "vocab_size", /1 or more/],
  ["a size that is a text", { intermediate_size: "48" }, "intermediate_size", /whole number/],
  ["another activation", { hidden_act: "gelu" }, "hidden_act", /gelu/],
  ["a bias that is neither there nor not", { attention_bias: "yes" }, "attention_bias", /true or false/],
  ["layers of another kind", { layer_types: ["chunked_attention"] }, "layer_types", /"chunked_attention"/],
  ["scaling of another kind", { rope_scaling: { type: "yarn", factor: 4 } }, "rope_scaling.type", /"yarn".*llama3/],
  [
    "the same in the newer layout",
    { rope_parameters: { rope_type: "dynamic" } },
    "rope_parameters.rope_type",
    /"dynamic"/,
  ],
  ["scaling that is a text", { rope_scaling: "llama3" }, "rope_scaling", /object/],
  ["scaling without its factor", { rope_scaling: { type: "linear" } }, "rope_scaling", /"factor" is missing/],
  ["a factor of zero", { rope_scaling: { type: "linear", factor: 0 } }, "rope_scaling.factor", /more than 0/],
  [
    "bounds of scaling the wrong way round",
    { rope_scaling: { ...scaled, low_freq_factor: 4 } },
    "rope_scaling.high_freq_factor",
    /more than low_freq_factor, which is 4/,
  ],
  [
    "rotary parameters for each kind of layer",
    { rope_parameters: { full_attention: { rope_type: "default" } } },
    "rope_parameters.full_attention",
    /kinds of layers/,
  ],
  ["heads that are rotated in part", { partial_rotary_factor: 0.5 }, "partial_rotary_factor", /whole heads/],
  ["key heads that do not divide the heads", { num_key_value_heads: 3 }, "num_key_value_heads", /3 .* 4/],
  ["heads that do not divide the hidden size", { num_attention_heads: 6 }, "num_attention_heads", /6 .* 32/],
  ["heads of an odd size", { hidden_size: 12 }, "num_attention_heads", /even/],
  ["a head size that is odd", { head_dim: 7 }, "head_dim", /even/],
];
for (const [what, changes, key, message] of faults) {
  test(`refused, with the key: ${what}`, () => {
    write(changes);
    refused(key, message);
  });
}

for (const bad of BAD_NAMES) {
  test(`told inert and short: ${bad.what} in a value or a key of config.json`, () => {
    for (const changes of [
      { model_type: bad.name },
      { architectures: [bad.name] },
      { quantization_config: { quant_method: bad.name } },
      { hidden_act: bad.name },
      { hidden_size: bad.name },
      { use_sliding_window: true, layer_types: [bad.name] },
      { rope_scaling: { rope_type: bad.name } },
      { rope_scaling: { type: bad.name } },
      { rope_parameters: { [bad.name]: { rope_type: "default" } } },
    ]) {
      write(changes);
      assertToldInertly(bad, () => readModelConfig(dir));
    }
    const key = JSON.stringify(bad.name);
    writeFileSync(join(dir, "config.json"), `{${key}: 1, ${key}: 2}`);
    assertToldInertly(bad, () => readModelConfig(dir));
    writeFileSync(join(dir, "config.json"), `{"a": ${bad.name}}`);
    inertFaultOf(() => readModelConfig(dir));
  });
}

test("a number of layers that no model has is refused before anything is made for them", () => {
  for (const layers of [4097, 1e26]) {
    write({ num_hidden_layers: layers });
    refused("num_hidden_layers", /must be 4096 or less/);
  }
});
