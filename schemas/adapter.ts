/** The settings of an adapter: what is trained in place of the policy's own weights. */
import { type Static, Type } from "@sinclair/typebox";
import { choice } from "./fields.ts";

/** The linear projections of a layer, under the names that Hugging Face's models and PEFT have for them. */
export const ADAPTER_TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;
export type AdapterTarget = (typeof ADAPTER_TARGETS)[number];

/** Numbers that may share a scale, as kernels of 4-bit products have them. */
export const BLOCK_SIZES = [16, 32, 64, 128] as const;
export type BlockSize = (typeof BLOCK_SIZES)[number];

const Targets = Type.Unsafe<"all-linear" | AdapterTarget[]>({
  anyOf: [
    { const: "all-linear" },
    { type: "array", items: { type: "string", enum: [...ADAPTER_TARGETS] }, minItems: 1, uniqueItems: true },
  ],
  /** What a message asks for in place of the alternatives. */
  title: `"all-linear" or a list of ${ADAPTER_TARGETS.join(", ")}, each at most once`,
  description: `Projections that get an adapter: "all-linear", or a list of ${ADAPTER_TARGETS.join(", ")}.`,
});

export const AdapterSettings = Type.Object(
  {
    kind: choice(
      "none: every weight is trained. lora: the weights stay as they are, and a low-rank change of them is trained (Hu et al. 2021).",
      "none",
      "lora",
    ),
    rank: Type.Integer({ minimum: 1, maximum: 1024, description: "r: rank of the change of each projection." }),
    alpha: Type.Number({ exclusiveMinimum: 0, description: "The change is multiplied with alpha / rank." }),
    rankStabilized: Type.Boolean({
      description: "Multiply with alpha / sqrt(rank) instead (rsLoRA, Kalajdzievski 2023).",
    }),
    dropout: Type.Number({
      minimum: 0,
      maximum: 0.9,
      description: "Share of the adapters' inputs that is left out at random, in training only.",
    }),
    targets: Targets,
    base: choice(
      "How the weights that stay as they are, those of the layers' projections, are kept. f32: as float32. f16: as float16, in half the memory. int4: in blocks of 4-bit integers, in an eighth of it and less exactly (QLoRA, Dettmers et al. 2023).",
      "f32",
      "f16",
      "int4",
    ),
    block: Type.Unsafe<BlockSize>({
      type: "integer",
      enum: [...BLOCK_SIZES],
      description:
        "Numbers of a block, which have a scale in common, with base int4: larger blocks take less memory and are less exact. The inputs of every projection have to be an even number of blocks.",
    }),
    export: choice(
      "What a run leaves behind: model, the policy with the adapter merged into it; adapter, the adapter alone, in PEFT's format; or both.",
      "model",
      "adapter",
      "both",
    ),
  },
  { additionalProperties: false },
);
export type AdapterSettings = Static<typeof AdapterSettings>;

/** Every weight is trained unless an experiment says otherwise. */
export const ADAPTER_DEFAULTS: AdapterSettings = {
  kind: "none",
  rank: 16, // Ours: twice PEFT's.
  alpha: 32, // Ours: twice the rank.
  rankStabilized: false, // PEFT's.
  dropout: 0, // PEFT's; the ratio to the sampling policy, which drops nothing, would have its noise in it.
  targets: "all-linear", // QLoRA (Dettmers et al. 2023), section 4: all of them are needed to reach full fine-tuning.
  base: "f32", // PEFT's.
  block: 32, // Ours, and that of most 4-bit files of others. QLoRA has 64, which does not fit the 576 inputs of SmolLM2-135M.
  export: "both", // Ours.
};
