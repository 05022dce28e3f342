/** A completion's text, calls and reward. */
import type { Sample, ToolCall } from "../../schemas/samples.ts";
import { sameCalls } from "../toolcalls/compare.ts";
import { parseCompletion } from "../toolcalls/completion.ts";
import type { Reward } from "../toolcalls/rewards/reward.ts";
import type { Completion } from "./engine/policyEngine.ts";

export interface JudgedRollout {
  completion: Completion;
  text: string;
  calls: ToolCall[];
  /** False where the markup around the calls is broken. */
  formatOk: boolean;
  /** Calls and format are right: what accuracy and hard rows count, whatever the reward pays. */
  correct: boolean;
  reward: number;
  parts: Record<string, number>;
  /** One sentence why the reward is what it is. */
  reason: string;
}

export type Judge = (completion: Completion, sample: Sample) => JudgedRollout;

/** @param decode token ids to text, special tokens left out */
export function judgeWith(decode: (tokens: Int32Array) => string, reward: Reward): Judge {
  return (completion, sample) => {
    const text = decode(completion.tokens);
    const { calls, formatOk } = parseCompletion(text);
    const correct = formatOk && sameCalls(sample.answer, calls);
    return { completion, text, calls, formatOk, correct, ...reward(text, sample) };
  };
}
