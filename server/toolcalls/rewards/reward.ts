/** Rewards: how good a completion is for a sample. Pure functions of the two, so a stored rollout can be scored again. */
import type { Sample } from "../../../schemas/samples.ts";

export interface RewardResult {
  reward: number;
  /** The reward's parts by name, for the metrics of a step. */
  parts: Record<string, number>;
  /** One sentence why, without a capital or a full stop, safe to print. */
  reason: string;
}

/** The completion is the decoded text without the end-of-sequence token. Never throws, whatever the completion holds. */
export type Reward = (completion: string, sample: Sample) => RewardResult;
