/** What a Hugging Face config.json says of a policy's architecture, checked before memory is spent. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { InputError } from "../../../../schemas/problem.ts";
import { check } from "../../../toolcalls/check.ts";
import { showValue } from "../../../toolcalls/display.ts";
import { readJson } from "../../../toolcalls/documents.ts";

const count = Type.Integer({ minimum: 1 });

/** The keys we read; a config.json has many more. */
const HuggingFaceConfig = Type.Object({
  model_type: Type.String(),
  architectures: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: Type.Optional(count),
  head_dim: Type.Optional(Type.Union([count, Type.Null()])),
  intermediate_size: count,
  hidden_act: Type.Optional(Type.String()),
  max_position_embeddings: count,
  rms_norm_eps: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  rope_theta: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  rope_parameters: Type.Optional(
    Type.Union([
      Type.Object({ rope_theta: Type.Optional(Type.Number()), rope_type: Type.Optional(Type.String()) }),
      Type.Null(),
    ]),
  ),
  rope_scaling: Type.Optional(Type.Unknown()),
  use_sliding_window: Type.Optional(Type.Boolean()),
  tie_word_embeddings: Type.Optional(Type.Boolean()),
});

export interface ModelConfig {
  architecture: string;
  vocabulary: number;
  hidden: number;
  layers: number;
  heads: number;
  keyValueHeads: number;
  headSize: number;
  intermediate: number;
  maxPositions: number;
  normEpsilon: number;
  ropeTheta: number;
  /** The head is the embedding table. */
  tied: boolean;
}

/** Reads and checks `config.json` of a model directory. InputError on anything this engine cannot run. */
export function readModelConfig(dir: string): ModelConfig {
  const file = join(dir, "config.json");
  if (!existsSync(file)) {
    throw new InputError(
      "Not a Hugging Face model directory: config.json is missing. Point `model` at a folder that has one.",
      { file },
    );
  }
  const document = readJson(file);
  const config = check<Static<typeof HuggingFaceConfig>>(HuggingFaceConfig, document);
  const refuse = (key: string, sentence: string): never => {
    throw new InputError(sentence, document.locate([key]));
  };
  if (config.model_type !== "qwen2") {
    refuse(
      "model_type",
      `The architecture ${showValue(config.model_type)} is not supported; use a model of type "qwen2".`,
    );
  }
  if (config.architectures?.length && !config.architectures.includes("Qwen2ForCausalLM")) {
    refuse(
      "architectures",
      `${showValue(config.architectures[0])} does not predict the next token; use a model of the class "Qwen2ForCausalLM".`,
    );
  }
  if ((config.hidden_act ?? "silu") !== "silu")
    refuse("hidden_act", `The activation ${config.hidden_act} is not supported; only silu is.`);
  if (config.use_sliding_window)
    refuse("use_sliding_window", "Sliding-window attention is not supported; set it to false.");
  if (config.rope_scaling) refuse("rope_scaling", "Scaled rotary embeddings are not supported; only the default is.");
  if ((config.rope_parameters?.rope_type ?? "default") !== "default") {
    refuse(
      "rope_parameters",
      `Rotary embeddings of type ${config.rope_parameters?.rope_type} are not supported; only the default is.`,
    );
  }
  const heads = config.num_attention_heads;
  const keyValueHeads = config.num_key_value_heads ?? heads;
  if (heads % keyValueHeads !== 0) {
    refuse("num_key_value_heads", `${keyValueHeads} key/value heads do not divide ${heads} attention heads.`);
  }
  const headSize = config.head_dim ?? config.hidden_size / heads;
  if (!Number.isInteger(headSize) || headSize % 2 !== 0) {
    refuse("num_attention_heads", `${heads} heads do not cut a hidden size of ${config.hidden_size} into even parts.`);
  }
  return {
    architecture: config.model_type,
    vocabulary: config.vocab_size,
    hidden: config.hidden_size,
    layers: config.num_hidden_layers,
    heads,
    keyValueHeads,
    headSize,
    intermediate: config.intermediate_size,
    maxPositions: config.max_position_embeddings,
    normEpsilon: config.rms_norm_eps ?? 1e-6,
    ropeTheta: config.rope_parameters?.rope_theta ?? config.rope_theta ?? 10_000,
    tied: config.tie_word_embeddings ?? false,
  };
}
