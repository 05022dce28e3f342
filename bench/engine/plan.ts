/** What the engine is measured on: the work that its bars are about, a larger policy, and a small one for software devices and for a try. */
import { type Network, PROJECTIONS, type Shape } from "./operations.ts";

export interface UpdateCase {
  name: string;
  shape: Shape;
}

export interface SamplingWork {
  prompts: number;
  completions: number;
  promptLength: number;
  newTokens: number;
}

export interface StepWork {
  prompts: number;
  completions: number;
  newTokens: number;
  /** Steps that are timed, after `warmup` that are not. */
  steps: number;
  warmup: number;
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

export interface Plan {
  updates: readonly UpdateCase[];
  /** The policy that sampling is measured with; undefined: the micro policy. */
  sampledNetwork?: Network;
  sampling: SamplingWork;
  step: StepWork;
  growth: GrowthWork;
  /** Side of the square product that the device's matrix rate is taken from. */
  matrixSide: number;
  /** Calls that are timed in one process, after `warmup` that are not. */
  runs: number;
  warmup: number;
}

const WIDE: Network = { hidden: 512, layers: 8, heads: 8, kvHeads: 8, intermediate: 2048, vocab: 4096 };

/** Qwen2.5-0.5B, and its width in what fits into the memory of a small machine with all its weights trained. */
const QWEN_05B: Network = { hidden: 896, layers: 24, heads: 14, kvHeads: 2, intermediate: 4864, vocab: 151_936 };
const QWEN_05B_WIDTH: Network = { ...QWEN_05B, layers: 4, vocab: 16_384 };

/** All hold 2,048 tokens as PyTorch sees them: eight sequences of 128 + 128. */
const eightSingly = { prompts: 8, completions: 1, promptLength: 128, completionLength: 128 };
const twoGroups = { prompts: 2, completions: 4, promptLength: 128, completionLength: 128 };

/** To be named among the full plan's updates once workers/update.ts can ask the engine for adapters. */
export const QWEN_05B_LORA: UpdateCase = {
  name: "Qwen2.5-0.5B's shape with LoRA of rank 16, 2 prompts × 4 completions",
  shape: { ...QWEN_05B, ...twoGroups, adapter: { rank: 16, targets: PROJECTIONS } },
};

const full: Plan = {
  updates: [
    { name: "hidden 512 × 8 layers, 8 prompts × 1 completion", shape: { ...WIDE, ...eightSingly } },
    { name: "hidden 512 × 8 layers, 2 prompts × 4 completions", shape: { ...WIDE, ...twoGroups } },
    {
      name: "Qwen2.5-0.5B's width × 4 of its 24 layers, 2 prompts × 4 completions",
      shape: { ...QWEN_05B_WIDTH, ...twoGroups },
    },
  ],
  sampling: { prompts: 8, completions: 5, promptLength: 256, newTokens: 64 },
  step: { prompts: 8, completions: 5, newTokens: 64, steps: 8, warmup: 2 },
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
      name: "hidden 64 × 2 layers, 2 prompts × 2 completions",
      shape: { ...SMALL, prompts: 2, completions: 2, promptLength: 16, completionLength: 16 },
    },
  ],
  sampledNetwork: SMALL,
  sampling: { prompts: 2, completions: 2, promptLength: 16, newTokens: 8 },
  step: { prompts: 2, completions: 3, newTokens: 8, steps: 2, warmup: 1 },
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
  updates: [{ name: "Qwen2.5-0.5B's shape, 2 prompts × 4 completions", shape: { ...QWEN_05B, ...twoGroups } }],
  sampledNetwork: QWEN_05B,
  matrixSide: 4096,
};

export const PLANS: { readonly [name: string]: Plan } & Record<"full", Plan> = {
  full,
  tiny,
  "half-billion": halfBillion,
};
