/**
 * One sentence for each part of a reward: why it is what it is. Kept out of the rewards themselves, which run for every
 * completion of a training, while a person asks for a few; so a completion is judged again, and nothing is explained where
 * that gives other numbers than those on record.
 */
import { isRewardName, type RewardName, type RewardSettings } from "../../../schemas/rewards.ts";
import type { Sample } from "../../../schemas/samples.ts";
import { parseCompletion } from "../completion.ts";
import { firstDifference } from "../difference.ts";
import { readExamples } from "./examples.ts";
import type { RewardContext } from "./reward.ts";
import { rewardNamed } from "./rewardNamed.ts";
import { toolRlGold } from "./toolrlReward.ts";
import { answerIn, formatFault } from "./toolrlText.ts";
import { writtenCalls } from "./writtenCalls.ts";

export interface JudgedAs {
  /** As the experiment names it. */
  reward: string;
  settings: RewardSettings;
  context: RewardContext;
  /** What the run recorded. */
  parts: Readonly<Record<string, number>>;
}

/** Sentences by part, without a capital or a full stop, safe to print; a part without one is left out. */
export type PartReasons = Readonly<Record<string, string>>;

interface Judged {
  completion: string;
  sample: Sample;
  settings: RewardSettings;
  parts: Readonly<Record<string, number>>;
  reason: string;
  /** Of the calls, in the form that the reward reads, from the gold calls; undefined where they are the gold calls. */
  difference: string | undefined;
}

type Explain = (judged: Judged) => Record<string, string | undefined>;

const EXPLANATIONS: Readonly<Record<RewardName, Explain>> = {
  toolexpander: ({ completion, difference, parts }) => ({
    format: tagSentence(completion),
    result: resultSentence(difference, parts.result),
  }),
  set: ({ completion, difference, parts, settings }) => {
    const { distinct, nearDuplicates, fault, rest } = readExamples(completion);
    const wanted = settings.set.examples;
    return {
      format: tagSentence(rest),
      result: resultSentence(difference, parts.result),
      examples: fault ?? `${distinct} distinct examples, and ${wanted} are wanted`,
      nearDuplicates: `${percent(nearDuplicates)} of the examples repeat an earlier one; this is counted and earns nothing`,
    };
  },
  toolrl: explainToolRl,
  "toolrl-paper": explainToolRl,
  "tool-n1": ({ completion, difference, parts, reason }) => ({
    format: parts.format === 1 ? "the last block of calls is a JSON list" : reason,
    result: resultSentence(difference, parts.result),
    thoughts: thoughtSentence(completion),
    name: parts.name === 1 ? "the names of the gold calls were called" : (difference ?? reason),
  }),
  "bfcl-ast": ({ difference, parts, reason }) => ({
    format: parts.format === 1 ? "the calls can be decoded" : reason,
    result: parts.result === 1 ? reason : [reason, difference].filter((part) => part !== undefined).join("; "),
  }),
};

/** @returns nothing for a researcher's own reward, and where the reward gives other parts today than those on record */
export function partReasons(completion: string, sample: Sample, judged: JudgedAs): PartReasons {
  const { reward, settings, context, parts } = judged;
  if (!isRewardName(reward)) return {};
  const again = rewardNamed(reward, settings)(completion, sample, context);
  if (again.failed || !sameParts(again.parts, parts)) return {};
  const difference = firstDifference(sample.answer, writtenCalls(completion, reward, settings));
  const said = EXPLANATIONS[reward]({ completion, sample, settings, parts, reason: again.reason, difference });
  return Object.fromEntries(
    Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[0] in parts),
  );
}

function sameParts(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => Object.is(one[name], other[name]));
}

function tagSentence(text: string): string {
  const { calls, fault } = parseCompletion(text);
  if (fault !== undefined) return fault;
  return calls.length === 0 ? "no call was begun, so no tag is broken" : "every tag is closed around one call";
}

function resultSentence(difference: string | undefined, result: number | undefined): string {
  if (difference !== undefined) return difference;
  return result === 1 ? "the calls are the gold calls" : "a call that cannot be read is no refusal to call";
}

function explainToolRl({ completion, sample, settings, parts, reason, difference }: Judged) {
  const answer = answerIn(completion, settings.toolrl.chat);
  const values = sample.answer.reduce((sum, call) => sum + Object.keys(call.arguments).length, 0);
  const calls = sample.answer.length;
  const fault = formatFault(answer, toolRlGold(sample));
  const short = (value = 0): string => String(Math.round(value * 100) / 100);
  return {
    format: fault === undefined ? "the blocks are there, each once and in order" : `the format is wrong: ${fault}`,
    correctness: difference ?? (calls === 0 ? reason : "the calls are the gold calls"),
    name: `${short(parts.name)} of 1 for names: the share of names that both sides call`,
    param: `${short(parts.param)} of ${calls} for parameters: for each gold call the share of keys that both sides have`,
    value: `${short(parts.value)} of ${values} for values: one for each argument that equals the gold one`,
    length: "thoughts earn by their number of words",
  };
}

const thoughtSentence = (completion: string): string => {
  const missing = ["<think>", "</think>"].filter((tag) => !completion.includes(tag));
  return missing.length === 0 ? "there are thoughts in both tags" : `there is no ${missing.join(" and no ")}`;
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;
