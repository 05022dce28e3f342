/**
 * A reward of one's own, to begin with: right calls, and the shorter the better. To train with it, put into the experiment
 *
 *     "settings": { "reward": "./brevity.reward.ts" }
 */
import type { RewardFunction } from "./rewardFunction.ts";

const reward: RewardFunction = ({ correct, completion }) => {
  const brevity = Math.max(0, 1 - completion.length / 1000);
  return {
    reward: correct ? 1 + 0.1 * brevity : 0,
    parts: { result: correct ? 1 : 0, brevity },
    reason: correct ? `right, in ${completion.length} characters` : "the calls are not the gold calls",
  };
};

export default reward;
