/** The rewards by the names that experiments give them. */
import { REWARD_DEFAULTS, type RewardName, type RewardSettings } from "../../../schemas/rewards.ts";
import { bfclAst } from "./bfclReward.ts";
import type { Reward } from "./reward.ts";
import { selfExemplifying } from "./set.ts";
import { toolexpander } from "./toolexpander.ts";
import { toolN1 } from "./toolN1Reward.ts";
import { toolRl, toolRlPaper } from "./toolrlReward.ts";

const REWARDS: Readonly<Record<RewardName, (settings: RewardSettings) => Reward>> = {
  toolexpander: () => toolexpander,
  set: ({ set }) => selfExemplifying(set),
  toolrl: ({ toolrl }) => toolRl(toolrl),
  "toolrl-paper": ({ toolrl }) => toolRlPaper(toolrl),
  "tool-n1": (settings) => toolN1(settings["tool-n1"]),
  "bfcl-ast": (settings) => bfclAst(settings["bfcl-ast"]),
};

export function rewardNamed(name: RewardName, settings: RewardSettings = REWARD_DEFAULTS): Reward {
  return REWARDS[name](settings);
}
