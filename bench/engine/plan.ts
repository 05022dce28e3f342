/** What the engine is measured on: the work that its bars are about, a larger policy, and a small one for software devices and for a try. */
import { type Adapter, type Network, PROJECTIONS, type Shape } from "./operations.ts";

/** How often a call is measured. */
export interface Repetition {
  /** Rounds in which ours and the peer take turns, at most: those of the benchmark unless given. */
  rounds?: number;
  /** Calls that are timed in one process, after `warmup` that are not. */
  runs: number;
  warmup: number;
}

export interface UpdateCase {
  /** By which one is measured alone. */
  key: string;
  name: string;
  shape: Shape;
  /** In place of the plan's. */
  repetition?: Repetition;
}

export interface SamplingWork {
  prompts: number;
  completions: number;
  promptLength: number;
  newTokens: number;
}

export interface StepWork extends Repetition {
  /** By which one is measured alone. */
  key: string;
  /** Whose step it is: the micro policy's, all weights trained, unless `policy` is there. */
  name: string;
  prompts: number;
  completions: number;
  newTokens: number;
  /** How much faster than the peer's it is to be. */
  bar: string;
  /** A random policy of this shape, what is trained of it, and the least tokens of its prompts. */
  policy?: { network: Network; adapter: Adapter; promptTokens: number };
  /** Both compute each layer again for the gradient: without that the peer needs more memory than small machines have. */
  checkpointing?: boolean;
}

/** The point from which each axis starts; context is prompt and completion together. */
export interface GrowthPoint {
  batch: number;
  context: number;
  hidden: number;
}

export interface GrowthWork {
  from: GrowthPoint;
  axes: { [Axis in keyof GrowthPoint]: readonly number[] };
  layers: number;
  vocab: number;
  /** Completions of a prompt. */
  completions: number;
  /** Tokens drawn for each completion where sampling is measured. */
  newTokens: number;
  /** In place of the plan's: the longest of these calls take half a minute. */
  runs: number;
  warmup: number;
}

export interface Plan extends Required<Omit<Repetition, "rounds">> {
  updates: readonly UpdateCase[];
  /** The policy that sampling is measured with; undefined: the micro policy. */
  sampledNetwork?: Network;
  sampling: SamplingWork;
  steps: readonly StepWork[];
  growth: GrowthWork;
  /** Side of the square product that the device's matrix rate is taken from. */
  matrixSide: number;
}

const WIDE: Network = { hidden: 512, layers: 8, heads: 8, kvHeads: 8, intermediate: 2048, vocab: 4096 };

/** Qwen2.5-0.5B, and its width in what fits into the memory of a small machine with all its weights trained. */
const QWEN_05B: Network = { hidden: 896, layers: 24, heads: 14, kvHeads: 2, intermediate: 4864, vocab: 151_936 };
const QWEN_05B_WIDTH: Network = { ...QWEN_05B, layers: 4, vocab: 16_384 };

/** All hold 2,048 tokens as PyTorch sees them: eight sequences of 128 + 128. */
const eightSingly = { prompts: 8, completions: 1, promptLength: 128, completionLength: 128 };
const twoGroups = { prompts: 2, completions: 4, promptLength: 128, completionLength: 128 };

const LORA: Adapter = { rank: 16, targets: PROJECTIONS };

const full: Plan = {
  updates: [
    { key: "singly", name: "hidden 512 × 8 layers, 8 prompts × 1 completion", shape: { ...WIDE, ...eightSingly } },
    { key: "groups", name: "hidden 512 × 8 layers, 2 prompts × 4 completions", shape: { ...WIDE, ...twoGroups } },
    {
      key: "width",
      name: "Qwen2.5-0.5B's width × 4 of its 24 layers, 2 prompts × 4 completions",
      shape: { ...QWEN_05B_WIDTH, ...twoGroups },
    },
    {
      key: "lora",
      name: "Qwen2.5-0.5B's shape with LoRA of rank 16, 2 prompts × 4 completions",
      shape: { ...QWEN_05B, ...twoGroups, adapter: LORA },
      // A call of the peer takes a minute, and it has three optimizers.
      repetition: { rounds: 1, runs: 3, warmup: 1 },
    },
  ],
  sampling: { prompts: 8, completions: 5, promptLength: 256, newTokens: 64 },
  steps: [
    {
      key: "micro",
      name: "the micro policy",
      prompts: 8,
      completions: 5,
      newTokens: 64,
      runs: 8,
      warmup: 2,
      bar: "≥ 2×",
    },
    {
      key: "lora",
      name: "Qwen2.5-0.5B's shape with LoRA of rank 16",
      ...{ prompts: 1, completions: 5, newTokens: 64 },
      // A step of the peer takes minutes.
      ...{ rounds: 1, runs: 3, warmup: 1 },
      bar: "≥ 1.5×",
      policy: { network: QWEN_05B, adapter: LORA, promptTokens: 1000 },
      checkpointing: true,
    },
  ],
  growth: {
    from: { batch: 8, context: 256, hidden: 256 },
    axes: { batch: [8, 16, 40, 80], context: [256, 512, 1024, 2048, 4096], hidden: [256, 512, 768, 1024] },
    layers: 4,
    vocab: 4096,
    completions: 4,
    newTokens: 32,
    runs: 3,
    warmup: 1,
  },
  matrixSide: 2048,
  runs: 5,
  warmup: 3,
};

const SMALL: Network = { hidden: 64, layers: 2, heads: 4, kvHeads: 2, intermediate: 128, vocab: 256 };

const tiny: Plan = {
  updates: [
    {
      key: "groups",
      name: "hidden 64 × 2 layers, 2 prompts × 2 completions",
      shape: { ...SMALL, prompts: 2, completions: 2, promptLength: 16, completionLength: 16 },
    },
    {
      key: "lora",
      name: "hidden 64 × 2 layers with LoRA, 2 prompts × 2 completions",
      shape: {
        ...SMALL,
        ...{ prompts: 2, completions: 2, promptLength: 16, completionLength: 16 },
        adapter: { rank: 4, targets: PROJECTIONS },
      },
    },
  ],
  sampledNetwork: SMALL,
  sampling: { prompts: 2, completions: 2, promptLength: 16, newTokens: 8 },
  steps: [
    { key: "micro", name: "the micro policy", prompts: 2, completions: 3, newTokens: 8, runs: 2, warmup: 1, bar: "" },
    {
      key: "lora",
      name: "a small policy with LoRA",
      ...{ prompts: 1, completions: 3, newTokens: 8, runs: 2, warmup: 1 },
      bar: "",
      policy: {
        // As many tokens as the micro policy's tokenizer has.
        network: { ...SMALL, vocab: 2048 },
        adapter: { rank: 4, targets: PROJECTIONS },
        promptTokens: 300,
      },
    },
  ],
  growth: {
    from: { batch: 4, context: 32, hidden: 64 },
    axes: { batch: [4, 8], context: [32, 64], hidden: [64, 128] },
    layers: 2,
    vocab: 256,
    completions: 2,
    newTokens: 8,
    runs: 2,
    warmup: 1,
  },
  matrixSide: 256,
  runs: 2,
  warmup: 1,
};

/** All weights of Qwen2.5-0.5B, for a GPU: 8 GB for weights, gradients and moments alone. */
const halfBillion: Plan = {
  ...full,
  updates: [
    { key: "groups", name: "Qwen2.5-0.5B's shape, 2 prompts × 4 completions", shape: { ...QWEN_05B, ...twoGroups } },
  ],
  sampledNetwork: QWEN_05B,
  matrixSide: 4096,
};

export const PLANS: { readonly [name: string]: Plan } & Record<"full", Plan> = {
  full,
  tiny,
  "half-billion": halfBillion,
};
