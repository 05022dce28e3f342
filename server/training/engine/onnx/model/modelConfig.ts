/** What a Hugging Face config.json says of a policy's architecture, checked before memory is spent. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { InputError } from "../../../../../schemas/problem.ts";
import { check } from "../../../../toolcalls/check.ts";
import { showValue } from "../../../../toolcalls/display.ts";
import { type JsonDocument, readJson } from "../../../../toolcalls/documents.ts";
import { FAMILY_NAMES, type Family, familyOf } from "./families.ts";
import type { Projection } from "./projections.ts";
import { readRope } from "./ropeConfig.ts";
import type { RotaryScaling } from "./rotaryFrequencies.ts";
import { type Positions, usablePositions } from "./usablePositions.ts";

const count = Type.Integer({ minimum: 1 });
const flag = Type.Optional(Type.Boolean());
const orNull = (schema: typeof count) => Type.Optional(Type.Union([schema, Type.Null()]));

/** What is looked at first: the other keys may have another meaning in an architecture that is not ours. */
const Kind = Type.Object({
  model_type: Type.String(),
  architectures: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
  quantization_config: Type.Optional(
    Type.Union([Type.Object({ quant_method: Type.Optional(Type.String()) }), Type.Null()]),
  ),
});

/** The keys we read, those of positions excepted; a config.json has many more. */
const HuggingFaceConfig = Type.Object({
  vocab_size: count,
  hidden_size: count,
  // Every layer has its names and shapes before a weight is read: a number that no model has would fill the memory with them.
  num_hidden_layers: Type.Integer({ minimum: 1, maximum: 4096 }),
  num_attention_heads: count,
  num_key_value_heads: orNull(count),
  head_dim: orNull(count),
  intermediate_size: count,
  hidden_act: Type.Optional(Type.String()),
  attention_bias: flag,
  mlp_bias: flag,
  rms_norm_eps: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  tie_word_embeddings: flag,
});
type HuggingFaceConfig = Static<typeof HuggingFaceConfig>;

export interface ModelConfig extends Positions {
  architecture: string;
  vocabulary: number;
  hidden: number;
  layers: number;
  heads: number;
  keyValueHeads: number;
  headSize: number;
  intermediate: number;
  normEpsilon: number;
  ropeTheta: number;
  ropeScaling: RotaryScaling | undefined;
  /** Projections of every layer that have a bias. */
  biases: readonly Projection[];
  /** Queries and keys are normalized per head. */
  headNorms: boolean;
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
  const { architecture, family } = readFamily(document);
  const config = check<HuggingFaceConfig>(HuggingFaceConfig, document);
  // Two names of one function.
  if (!["silu", "swish"].includes(config.hidden_act ?? "silu")) {
    throw new InputError(
      `The activation ${showValue(config.hidden_act)} is not supported; only silu is.`,
      document.locate(["hidden_act"]),
    );
  }
  const rope = readRope(document);
  return {
    architecture,
    vocabulary: config.vocab_size,
    hidden: config.hidden_size,
    layers: config.num_hidden_layers,
    ...headsOf(config, family, document),
    intermediate: config.intermediate_size,
    ...usablePositions(document, family, config.num_hidden_layers),
    normEpsilon: config.rms_norm_eps ?? 1e-6,
    ropeTheta: rope.theta,
    ropeScaling: rope.scaling,
    biases: biasesOf(config, family),
    headNorms: family.headNorms,
    tied: config.tie_word_embeddings ?? false,
  };
}

function readFamily(document: JsonDocument): { architecture: string; family: Family } {
  const {
    model_type: architecture,
    architectures,
    quantization_config: quantized,
  } = check<Static<typeof Kind>>(Kind, document);
  const family = familyOf(architecture);
  if (family === undefined) {
    throw new InputError(
      `The architecture ${showValue(architecture)} is not supported; use a model of type ${FAMILY_NAMES.join(", ")}.`,
      document.locate(["model_type"]),
    );
  }
  if (architectures?.length && !architectures.includes(family.policyClass)) {
    throw new InputError(
      `${showValue(architectures[0])} does not predict the next token as this engine does; use a model of the class "${family.policyClass}".`,
      document.locate(["architectures"]),
    );
  }
  if (quantized) {
    const method = quantized.quant_method === undefined ? "" : ` (${showValue(quantized.quant_method)})`;
    throw new InputError(
      `The weights are quantized${method}; use the model they were made from, in F32, F16 or BF16.`,
      document.locate(["quantization_config"]),
    );
  }
  return { architecture, family };
}

function headsOf(config: HuggingFaceConfig, family: Family, document: JsonDocument) {
  const heads = config.num_attention_heads;
  const keyValueHeads = config.num_key_value_heads === undefined ? family.defaults.keyValueHeads : undefined;
  const sizes = {
    heads,
    keyValueHeads: config.num_key_value_heads ?? keyValueHeads ?? heads,
    headSize: config.head_dim ?? family.defaults.headSize ?? config.hidden_size / heads,
  };
  if (heads % sizes.keyValueHeads !== 0) {
    throw new InputError(
      `${sizes.keyValueHeads} key/value heads do not divide ${heads} attention heads.`,
      document.locate(["num_key_value_heads"]),
    );
  }
  if (!Number.isInteger(sizes.headSize)) {
    throw new InputError(
      `${heads} heads do not cut a hidden size of ${config.hidden_size} into even parts.`,
      document.locate(["num_attention_heads"]),
    );
  }
  if (sizes.headSize % 2 !== 0) {
    throw new InputError(
      `Heads of ${sizes.headSize} cannot be rotated in pairs; an even size is needed.`,
      document.locate([config.head_dim ? "head_dim" : "num_attention_heads"]),
    );
  }
  return sizes;
}

function biasesOf(config: HuggingFaceConfig, { biases }: Family): readonly Projection[] {
  return [
    ...(biases.always ?? []),
    ...((config.attention_bias && biases.attention_bias) || []),
    ...((config.mlp_bias && biases.mlp_bias) || []),
  ];
}
