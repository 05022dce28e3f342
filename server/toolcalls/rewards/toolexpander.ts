/** The reward of ToolExpander (arXiv 2510.07737v1, §3.3): 1 if the result and the format are right, else 0. */
import type { ToolCall } from "../../../schemas/samples.ts";
import { sameCalls } from "../compare.ts";
import { parseCompletion } from "../completion.ts";
import { firstDifference } from "../difference.ts";
import type { Reward } from "./reward.ts";

export const toolexpander: Reward = (completion, { answer }) => {
  const { format, result, reason } = judgeCalls(completion, answer);
  return { reward: format * result, parts: { format, result }, reason };
};

/**
 * Format and result of a text that holds calls, each 0 or 1. The result is right when exactly the gold calls were made. With no gold
 * call, that is when none was made and none was attempted: an unreadable call is no refusal.
 */
export function judgeCalls(
  text: string,
  answer: readonly ToolCall[],
): { format: number; result: number; reason: string } {
  const { calls, formatOk, fault } = parseCompletion(text);
  const right = sameCalls(answer, calls) && (formatOk || answer.length > 0);
  return {
    format: formatOk ? 1 : 0,
    result: right ? 1 : 0,
    reason: fault ?? firstDifference(answer, calls) ?? rightBecause(answer.length),
  };
}

function rightBecause(goldCalls: number): string {
  if (goldCalls === 0) return "no call was made, and none was needed";
  return goldCalls === 1 ? "the call is right" : `all ${goldCalls} calls are right`;
}
