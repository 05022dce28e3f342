/** Tool-N1's reward for samples. Numbers of a sample's answer have lost how they were written: the gold 1.0 is the int 1. */
import type { ToolN1Settings } from "../../../schemas/rewards.ts";
import type { Sample } from "../../../schemas/samples.ts";
import { plain } from "../display.ts";
import { PythonError } from "../python/error.ts";
import type { Reward } from "./reward.ts";
import { type ToolN1Score, toolN1Score } from "./toolN1.ts";

export const toolN1Gold = ({ answer }: Sample): string => JSON.stringify(answer);

const SENTENCES: Readonly<Record<ToolN1Score["calls"], string>> = {
  none: "no list of calls can be read in the last block",
  wrong: "the calls are wrong",
  names: "the names are right and the arguments are not",
  right: "the calls are right",
};

export const toolN1 =
  ({ variant }: ToolN1Settings): Reward =>
  (completion, sample) => {
    try {
      const { total, thinks, calls } = toolN1Score(completion, toolN1Gold(sample), variant);
      const result = calls === "right" ? 1 : 0;
      const needsThoughts = variant === "v0" || variant === "llama";
      const formatOk = calls !== "none" && (thinks || !needsThoughts);
      return {
        reward: total,
        parts: { format: formatOk ? 1 : 0, result, thoughts: thinks ? 1 : 0, name: calls === "names" ? 1 : result },
        reason: thinks ? SENTENCES[calls] : `${SENTENCES[calls]}; there are no thoughts`,
        verdict: { correct: result === 1 && (formatOk || total === 1), formatOk: formatOk || total === 1 },
      };
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      // The gold answer is a list of calls, so the completion is to blame: the original would end the training here, and here it earns nothing.
      return {
        reward: 0,
        parts: { format: 0, result: 0, thoughts: 0, name: 0 },
        reason: `no calls can be read (${plain(error.message, 160)})`,
        verdict: { correct: false, formatOk: false },
      };
    }
  };
