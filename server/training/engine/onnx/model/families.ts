/** The architectures that this engine computes: one decoder, and what tells the families of Llama's kind apart. */
import type { Projection } from "./projections.ts";

export interface Family {
  /** The class that predicts the next token; others of the family (classifiers, bare decoders) are no policies. */
  policyClass: string;
  /** Projections that have a bias in every model of the family, and those that have one where a key of config.json says so. */
  biases: { always?: readonly Projection[]; attention_bias?: readonly Projection[]; mlp_bias?: readonly Projection[] };
  /** Queries and keys are normalized per head before they are rotated. */
  headNorms: boolean;
  /** The key that limits how far back a token attends, and what decides whether it counts. */
  slidingWindow?: "always" | "use_sliding_window";
  /** What Hugging Face's class takes where config.json is silent; where nothing stands here it follows from other keys. */
  defaults: { keyValueHeads?: number; headSize?: number; slidingWindow?: number; maxWindowLayers?: number };
}

const QKV = ["q_proj", "k_proj", "v_proj"] as const;
const ATTENTION = [...QKV, "o_proj"] as const;
const MLP = ["gate_proj", "up_proj", "down_proj"] as const;
const QWEN = { keyValueHeads: 32, slidingWindow: 4096, maxWindowLayers: 28 };

/** By `model_type`. What each says stands in Hugging Face's configuration and modeling files of the same name. */
const FAMILIES = {
  /** Llama 2 and 3.x, SmolLM2 and whatever else has its shape. */
  llama: {
    policyClass: "LlamaForCausalLM",
    biases: { attention_bias: ATTENTION, mlp_bias: MLP },
    headNorms: false,
    defaults: {},
  },
  mistral: {
    policyClass: "MistralForCausalLM",
    biases: {},
    headNorms: false,
    slidingWindow: "always",
    defaults: { keyValueHeads: 8, slidingWindow: 4096 },
  },
  /** Qwen2 and 2.5. */
  qwen2: {
    policyClass: "Qwen2ForCausalLM",
    biases: { always: QKV },
    headNorms: false,
    slidingWindow: "use_sliding_window",
    defaults: QWEN,
  },
  qwen3: {
    policyClass: "Qwen3ForCausalLM",
    biases: { attention_bias: ATTENTION },
    headNorms: true,
    slidingWindow: "use_sliding_window",
    defaults: { ...QWEN, headSize: 128 },
  },
} as const satisfies Record<string, Family>;

export const FAMILY_NAMES = Object.keys(FAMILIES);

export function familyOf(modelType: string): Family | undefined {
  return Object.entries<Family>(FAMILIES).find(([name]) => name === modelType)?.[1];
}
