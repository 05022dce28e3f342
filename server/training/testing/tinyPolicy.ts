/**
 * A policy for the real engine in the workspace of workspace.ts: one random layer of 16 numbers. Runs of seconds in which real
 * weights are sampled from, updated, saved and loaded.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { readModelConfig } from "../engine/onnx/model/modelConfig.ts";
import { parameterShapes } from "../engine/onnx/model/parameters.ts";
import { ENGINE_MODULE } from "../engine/remote/messages.ts";
import { type TensorData, writeSafetensors } from "../engine/safetensors.ts";
import { resolveExperiment } from "../experiment.ts";
import type { FakeConfig } from "./fakePolicy.ts";
import { temporaryFolder } from "./harness.ts";
import { uniform } from "./uniform.ts";
import { type WorkspaceChanges, withChanges, writeWorkspace } from "./workspace.ts";

const HIDDEN = 16;

/** All embeddings have this in their first number, which every state then has too: what the head makes of it is a bias. */
const COMMON = 3;
/** Of the head for likely tokens: logits 7 above the others'. */
const LIKELY = 2;

/** Puts the policy where the fake engine's model lies; the tokens that are likely at first are the same. */
export function writeTinyPolicy(dir: string): void {
  const fake: FakeConfig = JSON.parse(readFileSync(join(dir, "config.json"), "utf8"));
  const config = {
    architectures: ["Qwen2ForCausalLM"],
    model_type: "qwen2",
    hidden_act: "silu",
    hidden_size: HIDDEN,
    intermediate_size: 2 * HIDDEN,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    vocab_size: fake.vocab_size,
    max_position_embeddings: 64,
    rms_norm_eps: 1e-6,
    rope_theta: 10_000,
    tie_word_embeddings: false,
    eos_token_id: fake.eos_token_id,
    torch_dtype: "float32",
  };
  writeFileSync(join(dir, "config.json"), JSON.stringify(config));
  const tensors = new Map<string, TensorData>();
  for (const [name, shape] of parameterShapes(readModelConfig(dir))) {
    const key = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 0);
    const data = Float32Array.from(
      { length: shape.reduce((product, size) => product * size, 1) },
      (_, cell) => (uniform(key, cell) - 0.5) * 0.6,
    );
    if (shape.length === 1 && name.includes("norm")) data.fill(1);
    if (name === "model.embed_tokens.weight") for (let i = 0; i < data.length; i += HIDDEN) data[i] = COMMON;
    if (name === "lm_head.weight") {
      for (let token = fake.likely_from; token < fake.vocab_size; token++) data[token * HIDDEN] = LIKELY;
    }
    tensors.set(name, { dtype: "F32", shape, data });
  }
  writeSafetensors(join(dir, "model.safetensors"), tensors, { format: "pt" });
}

/** A resolved experiment of that policy in a folder of its own. Engine processes use the real engine from here on. */
export function tinyExperiment(t: TestContext, changes: WorkspaceChanges = {}): ResolvedExperiment {
  delete process.env[ENGINE_MODULE];
  const settings = withChanges({ optimizer: { learningRate: 0.01 } }, changes.settings);
  const file = writeWorkspace(temporaryFolder(t), { ...changes, settings });
  writeTinyPolicy(join(dirname(file), "model"));
  return resolveExperiment(file, {});
}
