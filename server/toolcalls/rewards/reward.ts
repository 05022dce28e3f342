/** Rewards: how good a completion is for a sample. Pure functions of the two and the step, so a stored rollout can be scored again. */
import type { Sample } from "../../../schemas/samples.ts";
import type { ToolMap } from "../catalog.ts";

export interface RewardResult {
  reward: number;
  /** The reward's parts by name, for the metrics of a step. */
  parts: Record<string, number>;
  /** One sentence why, without a capital or a full stop, safe to print. */
  reason: string;
  /** Of rewards that read completions in a form of their own: whether this one is entirely right, and whether it has the form. */
  verdict?: { correct: boolean; formatOk: boolean };
  /** The reward could not judge this completion: `reward` is 0 and means nothing, and nothing is to be learnt from it. */
  failed?: true;
}

export interface RewardContext {
  /** Of training, from 1; 0 before the first. */
  step: number;
  /** Every tool that samples may offer. */
  tools: ToolMap;
}

export const NO_CONTEXT: RewardContext = { step: 0, tools: new Map() };

/** The completion is the decoded text without the end-of-sequence token. Never throws, whatever the completion holds. */
export type Reward = (completion: string, sample: Sample, context?: RewardContext) => RewardResult;

/** @param why without a capital or a full stop, safe to print */
export const failedReward = (why: string): RewardResult => ({
  reward: 0,
  parts: { failed: 1 },
  reason: `the reward failed: ${why}`,
  failed: true,
});
