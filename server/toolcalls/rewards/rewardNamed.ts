/** The rewards by the names that experiments give them. */
import type { RewardName } from "../../../schemas/experiment.ts";
import type { Reward } from "./reward.ts";
import { toolexpander } from "./toolexpander.ts";

const REWARDS: Record<RewardName, Reward> = { toolexpander };

export function rewardNamed(name: RewardName): Reward {
  return REWARDS[name];
}
