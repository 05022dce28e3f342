/** The reward of ToolExpander (arXiv 2510.07737v1, §3.3): 1 if the result and the format are right, else 0. */
import { sameCalls } from "../compare.ts";
import { parseCompletion } from "../completion.ts";
import { firstDifference } from "../difference.ts";
import type { Reward } from "./reward.ts";

/**
 * The result is right when exactly the gold calls were made. With no gold call, that is when none was made and none was
 * attempted: an unreadable call is no refusal.
 */
export const toolexpander: Reward = (completion, { answer }) => {
  const { calls, formatOk, fault } = parseCompletion(completion);
  const right = sameCalls(answer, calls) && (formatOk || answer.length > 0);
  return {
    reward: right && formatOk ? 1 : 0,
    parts: { format: formatOk ? 1 : 0, result: right ? 1 : 0 },
    reason: fault ?? firstDifference(answer, calls) ?? rightBecause(answer.length),
  };
};

function rightBecause(goldCalls: number): string {
  if (goldCalls === 0) return "no call was made, and none was needed";
  return goldCalls === 1 ? "the call is right" : `all ${goldCalls} calls are right`;
}
