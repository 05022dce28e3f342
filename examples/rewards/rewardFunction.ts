/**
 * The type of a reward of one's own: what the default export of the file has to be that an experiment names, as
 * `"reward": "./my-reward.ts"`. Types alone and no imports, so that a copy of this file can lie beside the reward.
 */

/** A call of a tool. Numbers of 2^53 or more are rounded here; `completion` has all their digits. */
export interface RewardToolCall {
  name: string;
  arguments: Record<string, unknown>;
}

export interface RewardSample {
  id: string;
  query: string;
  /** Tools offered in the prompt, in the OpenAI chat form. */
  tools: { type: "function"; function: { name: string; description?: string; parameters?: Record<string, unknown> } }[];
  /** The gold calls; empty where no tool fits. */
  answer: RewardToolCall[];
  category?: string;
}

export interface RewardInput {
  /** What the policy wrote, without the end-of-sequence token. */
  completion: string;
  /** The calls in it (`<tool_call>{"name": …, "arguments": {…}}</tool_call>`), up to the first that cannot be read. */
  calls: RewardToolCall[];
  /** Whether the markup around the calls is sound. */
  formatOk: boolean;
  /** Whether the calls are the gold calls and the format is sound: what accuracy counts. */
  correct: boolean;
  sample: RewardSample;
  /** Step of training, from 1; 0 before the first. */
  step: number;
}

export interface RewardDetails {
  /** A finite number; larger is better. */
  reward: number;
  /** Parts of it by name, finite numbers; their means are among the metrics of a step. */
  parts?: Record<string, number>;
  /** One sentence why, shown beside the rollout. */
  reason?: string;
}

/**
 * Scores one completion. It has to give the same answer whenever it is asked the same: a run that goes on from a checkpoint asks again.
 * It runs in a thread of its own, with a time limit for each call (settings.rewards.own). What it throws names the sample in the log, and
 * nothing is learnt from that completion.
 */
export type RewardFunction = (input: RewardInput) => number | RewardDetails | Promise<number | RewardDetails>;
