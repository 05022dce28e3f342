import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import { describe, InputError } from "../../../../schemas/problem.ts";
import { readModelConfig } from "./modelConfig.ts";
import { goldenDir } from "./testing/golden.ts";

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
    normEpsilon: 1e-6,
    ropeTheta: 1_000_000,
    tied: false,
  });
  assert.deepEqual(readModelConfig(goldenDir("tied")), { ...untied, ropeTheta: 10_000, tied: true });
});

test("what a config.json may leave out has Hugging Face's defaults", () => {
  write({
    num_key_value_heads: undefined,
    rms_norm_eps: undefined,
    rope_theta: undefined,
    tie_word_embeddings: undefined,
    hidden_act: undefined,
    use_sliding_window: undefined,
    head_dim: null,
  });
  const { keyValueHeads, normEpsilon, ropeTheta, tied, headSize } = readModelConfig(dir);
  assert.deepEqual(
    { keyValueHeads, normEpsilon, ropeTheta, tied, headSize },
    { keyValueHeads: 4, normEpsilon: 1e-6, ropeTheta: 10_000, tied: false, headSize: 8 },
  );
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
  ["another architecture", { model_type: "gpt2" }, "model_type", /"gpt2".*qwen2/],
  [
    "no language model",
    { architectures: ["Qwen2ForSequenceClassification"] },
    "architectures",
    /next token.*Qwen2ForCausalLM/,
  ],
  ["a missing key", { hidden_size: undefined }, "hidden_size", /hidden_size/],
  ["a size of zero", { vocab_size: 0 }, "vocab_size", /1 or more/],
  ["a size that is a text", { intermediate_size: "48" }, "intermediate_size", /whole number/],
  ["another activation", { hidden_act: "gelu" }, "hidden_act", /gelu/],
  ["sliding windows", { use_sliding_window: true }, "use_sliding_window", /[Ss]liding/],
  ["scaled positions", { rope_scaling: { type: "yarn", factor: 4 } }, "rope_scaling", /rotary/],
  ["positions of another type", { rope_parameters: { rope_type: "llama3" } }, "rope_parameters", /llama3/],
  ["key heads that do not divide the heads", { num_key_value_heads: 3 }, "num_key_value_heads", /3 .* 4/],
  ["heads that do not divide the hidden size", { num_attention_heads: 6 }, "num_attention_heads", /6 .* 32/],
  ["heads of an odd size", { hidden_size: 12 }, "num_attention_heads", /even/],
];
for (const [what, changes, key, message] of faults) {
  test(`refused, with the key: ${what}`, () => {
    write(changes);
    refused(key, message);
  });
}
