/**
 * The reward of self-exemplifying thinking (ToolExpander, arXiv 2510.07737v1, §4): 1.01 if result, format and examples are right, 1 if
 * result and format are, else 0. Examples are right when more than three distinct ones load as JSON with tool, question and answer;
 * their sense is not looked at. `nearDuplicates` is a metric alone: the paper warns of trivial and repeated examples.
 */
import type { SetSettings } from "../../../schemas/rewards.ts";
import { readExamples } from "./examples.ts";
import type { Reward } from "./reward.ts";
import { judgeCalls } from "./toolexpander.ts";

export const selfExemplifying =
  ({ bonus, examples: wanted }: SetSettings): Reward =>
  (completion, { answer }) => {
    const { distinct, nearDuplicates, fault, rest } = readExamples(completion);
    // Calls may stand in an example, and are none of the answer's.
    const { format, result, reason } = judgeCalls(rest, answer);
    const examples = fault === undefined && distinct >= wanted ? 1 : 0;
    const right = format * result;
    return {
      reward: right === 1 && examples === 1 ? 1 + bonus : right,
      parts: { format, result, examples, nearDuplicates },
      reason: `${reason}; ${fault ?? (examples === 1 ? `${distinct} distinct examples` : `only ${distinct} distinct examples`)}`,
      verdict: { correct: right === 1, formatOk: format === 1 },
    };
  };
