/**
 * The one seam where hardware lives. Every call takes and returns plain data (it crosses a process border by
 * structured clone) and a cancel signal. Nothing of ONNX crosses it; rewards, curriculum and store stay on the other side.
 */
import type { Objective } from "../objectives/objective.ts";

/** How tokens are drawn from the policy's next-token distribution. */
export interface Sampling {
  /** Divides the logits; log-probabilities are of logits / temperature. 0 means greedy (then log-probabilities are at temperature 1). */
  temperature: number;
  /** Evaluation only: keep the smallest set of tokens whose probability reaches topP, in (0, 1]. */
  topP?: number;
  /** Evaluation only: keep the topK likeliest tokens, ≥ 1. */
  topK?: number;
  /** Most tokens of one completion, the end-of-sequence token included. */
  maxNewTokens: number;
}

/** What the random stream of a rollout depends on, and nothing else: batching and order do not. */
export interface RngKey {
  seed: number;
  step: number;
  sample: number;
}

export interface Prompt {
  /** Token ids, at least 2. */
  tokens: Int32Array;
  key: RngKey;
  /** Index that the first rollout of the call has in its random stream, 0 by default: rollouts drawn later are those that one larger call would have drawn. */
  firstRollout?: number;
}

export interface Completion {
  /** Index into the prompts of the call. */
  prompt: number;
  /** Index within the prompt's group, 0 … n − 1. */
  rollout: number;
  /** Token ids, the end-of-sequence token included where the policy produced it. */
  tokens: Int32Array;
  /** Log-probability of each token under the sampling policy (nats, temperature applied). Same length as tokens. */
  logprobs: Float32Array;
  /** Entropy of the distribution each token was drawn from (nats, temperature applied). Same length as tokens. */
  entropies: Float32Array;
  /** True when it was cut at maxNewTokens before the end-of-sequence token. */
  truncated: boolean;
}

/** A prompt with the completions whose tokens are scored or learnt. */
export interface Group {
  prompt: Int32Array;
  completions: Int32Array[];
}

/** One completion's side of an update; the arrays run over its tokens. */
export interface LearningSignal {
  /** Weight of each token in the loss: the mask and the aggregation's normaliser in one (see objectives/aggregation.ts). */
  weights: Float32Array;
  /** Advantage A_i of the completion (unused by the supervised objective). */
  advantage: number;
  /** Log-probabilities under the sampling policy, frozen before the first mini-batch. */
  oldLogprobs?: Float32Array;
  /** The same as the sampler had them, where oldLogprobs are computed anew; needed with the objective's importanceCap. */
  samplerLogprobs?: Float32Array;
  /** Log-probabilities under the reference policy; needed when the objective's beta is above 0. */
  refLogprobs?: Float32Array;
  /** What the value head learns; needed by the objective "ppo". */
  values?: ValueSignal;
}

/**
 * One completion's side of the value's loss. The value at a token is that of the state which it was chosen in: the text before it.
 * Where a whole turn is one action, only its first token has a weight.
 */
export interface ValueSignal {
  /** V before the first mini-batch. */
  old: Float32Array;
  /** R, the returns that V is to foretell. */
  targets: Float32Array;
  /** Weight of each token in the value's loss, as for the policy's; 0 where no value is learnt. */
  weights: Float32Array;
}

export interface LearningGroup extends Group {
  /** One for each completion. */
  signals: LearningSignal[];
}

export interface UpdateRequest {
  /** One optimiser step is taken on all of these together, however they are cut into micro-batches. */
  groups: LearningGroup[];
  objective: Objective;
  /** Divides the logits, as at sampling. */
  temperature: number;
  learningRate: number;
  /**
   * Of the value head; learningRate unless given. A policy's rates are for weights that are nearly right already, and the head's are
   * zero at first: with these it would take thousands of steps to reach the size of the returns.
   */
  valueLearningRate?: number;
}

export interface UpdateMetrics {
  /** Value of the loss over the mini-batch. */
  loss: number;
  /** The value's part of it, before its coefficient, where the objective is "ppo". */
  valueLoss?: number;
  /** Global L2 norm of the gradient before clipping, that of a value head included. */
  gradNorm: number;
  /**
   * Where products are float16: what the loss was multiplied with (objectives/lossScaling.ts), and whether a gradient was then not finite, so
   * that no step was taken.
   */
  lossScaling?: { scale: number; overflowed: boolean };
  /** Log-probabilities under the policy before this step: [group][completion][token]. */
  logprobs: Float32Array[][];
  /** Entropies, as logprobs, where the objective has an entropy term. */
  entropies?: Float32Array[][];
  /** V before this step, as logprobs, where the objective is "ppo". */
  values?: Float32Array[][];
  /** Tokens that went through the network, padding left out. */
  tokens: number;
  microBatches: number;
  /** Wall time, milliseconds. Not a function of the seed. */
  milliseconds: number;
}

/** How much goes through the network at once. Memory matters only: other numbers change rounding alone. */
export interface EngineLimits {
  /** Token rows of a micro-batch, padding included, in scoring and in updates; a single completion may take more. */
  microBatchTokens: number;
  /** Sequences decoded together; a group is not cut. */
  maxSequences: number;
}

export interface EngineInfo {
  device: string;
  threads: number;
  /** Of the policy, those of an adapter and of a value head included. */
  parameters: number;
  /** Those that an update changes; the others are frozen. */
  trained: number;
  vocabulary: number;
  architecture: string;
  /** Version of the runtime that computes. */
  runtime: string;
  /** True when the same calls give the same bits on the same build and thread count. */
  bitwiseReproducible: boolean;
}

export interface PolicyEngine {
  readonly info: EngineInfo;
  /** Draws n completions for each prompt and yields each as it finishes: their order is not a function of the seed, what they are is. */
  generate(prompts: Prompt[], n: number, sampling: Sampling, signal?: AbortSignal): AsyncIterable<Completion>;
  /** Per-token log-probabilities of logits / temperature: [group][completion][token]. */
  logprobs(
    groups: Group[],
    policy: "current" | "reference",
    temperature: number,
    signal?: AbortSignal,
  ): Promise<Float32Array[][]>;
  /**
   * What the value head says of the states before each token: [group][completion][token]. No temperature acts on it. RangeError
   * where the engine was opened without one.
   */
  values(groups: Group[], signal?: AbortSignal): Promise<Float32Array[][]>;
  /** One optimiser step. Cancelling leaves the weights as they were, and so does running out of memory. */
  update(request: UpdateRequest, signal?: AbortSignal): Promise<UpdateMetrics>;
  /** Holds for the calls that follow. */
  limit(limits: EngineLimits): Promise<void>;
  /**
   * Writes what is trained and the optimiser's state into dir, which exists: `model.safetensors` (f32), or the adapter in
   * PEFT's format, `optimizer.safetensors`, and `value_head.safetensors` where there is a value head. Files are synced.
   */
  save(dir: string): Promise<void>;
  /** Restores both from a folder that save wrote. InputError where it holds the adapter of another base. */
  load(dir: string): Promise<void>;
  /**
   * Writes the policy as a Hugging Face model directory (config.json, model.safetensors in the dtype, tokenizer files
   * copied). An adapter is merged into the weights; a value head is no part of the policy.
   */
  exportModel(dir: string, dtype: "f32" | "bf16"): Promise<void>;
  /** Writes the adapter alone, as PEFT's directory of one. RangeError where the policy has none. */
  exportAdapter(dir: string): Promise<void>;
  dispose(): Promise<void>;
}
