/** ToolRL's rewards for samples: the gold completion that the code compares with, made from the sample's answer. */
import type { ToolRlSettings } from "../../../schemas/rewards.ts";
import type { Sample } from "../../../schemas/samples.ts";
import { plain } from "../display.ts";
import { PythonError } from "../python/error.ts";
import { failedReward, NO_CONTEXT, type Reward, type RewardResult } from "./reward.ts";
import { rangesAt, type ToolRlScore, toolRlScore } from "./toolrl.ts";
import { type PaperCall, toolRlPaperScore } from "./toolrlPaper.ts";

const texts = new WeakMap<Sample, string>();

/**
 * What a right completion looks like: thoughts, then the calls; a response where there is no call, or where the sample's own completion
 * has one.
 */
export function toolRlGold(sample: Sample): string {
  const known = texts.get(sample);
  if (known !== undefined) return known;
  const calls = sample.answer.map(({ name, arguments: parameters }) => JSON.stringify({ name, parameters }));
  const responds = calls.length === 0 || (sample.completion?.includes("<response>") ?? false);
  const text = [
    "<think> </think>",
    ...(calls.length > 0 ? ["<tool_call>", ...calls, "</tool_call>"] : []),
    ...(responds ? ["<response> </response>"] : []),
  ].join("\n");
  texts.set(sample, text);
  return text;
}

export const toolRl =
  (settings: ToolRlSettings): Reward =>
  (completion, sample, { step } = NO_CONTEXT) => {
    try {
      const score = toolRlScore(completion, toolRlGold(sample), step, settings);
      const { format, correctness } = rangesAt(step, settings);
      // Without gold calls the code pays nothing for the calls, and takes nothing for needless ones.
      const needless = sample.answer.length === 0 && completion.includes("<tool_call>");
      const most = { format: format.most, correctness: sample.answer.length === 0 ? 0 : correctness.most };
      return resultOf(needless ? { ...score, fault: "a call was made although no tool fits" } : score, most, sample);
    } catch (error) {
      if (error instanceof PythonError) return failedReward(`the gold answer: ${plain(error.message, 160)}`);
      throw error;
    }
  };

export const toolRlPaper =
  ({ chat }: ToolRlSettings): Reward =>
  (completion, sample) => {
    const calls = sample.answer.map(
      ({ name, arguments: parameters }): PaperCall => ({ name, parameters: parameters as PaperCall["parameters"] }),
    );
    const { fault, ...score } = toolRlPaperScore(completion, toolRlGold(sample), calls, chat);
    const most = { format: 1, correctness: 3 };
    return resultOf({ ...score, length: 0, ...(fault !== undefined && { fault }) }, most, sample);
  };

function resultOf(
  { total, format, correctness, length, parts, fault }: ToolRlScore,
  most: Pick<ToolRlScore, "format" | "correctness">,
  sample: Sample,
): RewardResult {
  const formatOk = format === most.format;
  const callsOk = correctness === most.correctness;
  const calls = sample.answer.length;
  const why = [
    formatOk ? "the format is right" : "the format is wrong",
    fault === undefined ? undefined : plain(fault, 160),
    calls === 0 || fault !== undefined ? undefined : callsSentence(callsOk, parts, sample),
  ];
  return {
    reward: total,
    parts: { format, correctness, ...parts, ...(length === 0 ? {} : { length }) },
    reason: why.filter((part) => part !== undefined).join("; "),
    verdict: { correct: formatOk && callsOk && fault === undefined, formatOk },
  };
}

function callsSentence(right: boolean, { name, param, value }: ToolRlScore["parts"], { answer }: Sample): string {
  if (right) return "all calls are right";
  const values = answer.reduce((sum, call) => sum + Object.keys(call.arguments).length, 0);
  const short = (share: number): string => String(Math.round(share * 100) / 100);
  return `names ${short(name)} of 1, parameters ${short(param)} of ${answer.length}, values ${value} of ${values}`;
}
