/** A completion's text, calls and reward. */
import type { RewardInput, RewardSample } from "../../schemas/rewardFunction.ts";
import type { Sample, ToolCall } from "../../schemas/samples.ts";
import type { ToolMap } from "../toolcalls/catalog.ts";
import { sameCalls } from "../toolcalls/compare.ts";
import { parseCompletion } from "../toolcalls/completion.ts";
import type { Reward, RewardResult } from "../toolcalls/rewards/reward.ts";
import type { Completion } from "./engine/policyEngine.ts";
import type { OwnReward } from "./ownReward/ownReward.ts";

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
  /** The reward could not judge it: `reward` means nothing, and nothing is learnt from it. */
  failed?: true;
}

/** Judges the completions of one sample, in their order. @param at seed and step that they were drawn with */
export type Judge = (
  completions: readonly Completion[],
  sample: Sample,
  at: { seed: number; step: number },
) => Promise<JudgedRollout[]>;

/** Token ids to text, special tokens left out. */
type Decode = (tokens: Int32Array) => string;

export function judgeWith(decode: Decode, reward: Reward, tools: ToolMap): Judge {
  return async (completions, sample, { step }) =>
    completions.map((completion) => {
      const read = readingOf(completion, decode, sample);
      return { ...read, ...verdictOf(reward(read.text, sample, { step, tools })) };
    });
}

export function judgeWithOwn(decode: Decode, reward: OwnReward, tools: ToolMap): Judge {
  return (completions, sample, at) => {
    const shown = shownSample(sample, tools);
    return Promise.all(
      completions.map(async (completion) => {
        const read = readingOf(completion, decode, sample);
        const { text, calls, formatOk, correct } = read;
        const input: RewardInput = {
          completion: text,
          calls: asData(calls),
          formatOk,
          correct,
          sample: shown,
          step: at.step,
        };
        return { ...read, ...verdictOf(await reward.score(input, { ...at, rollout: completion.rollout })) };
      }),
    );
  };
}

type Reading = Pick<JudgedRollout, "completion" | "text" | "calls" | "formatOk" | "correct">;

/** As the stock tool-calling prompt wants calls; a reward that wants them in another form has its own verdict. */
function readingOf(completion: Completion, decode: Decode, { answer }: Sample): Reading {
  const text = decode(completion.tokens);
  const { calls, formatOk } = parseCompletion(text);
  return { completion, text, calls, formatOk, correct: formatOk && sameCalls(answer, calls) };
}

const verdictOf = ({ verdict, ...result }: RewardResult): Omit<RewardResult, "verdict"> => ({ ...result, ...verdict });

function shownSample({ id, query, tools: names, answer, category }: Sample, tools: ToolMap): RewardSample {
  const offered = names.flatMap((name) => tools.get(name) ?? []);
  return { id, query, tools: asData(offered), answer: asData(answer), ...(category === undefined ? {} : { category }) };
}

/** Plain data for another thread: numbers that a double cannot hold are rounded. */
function asData<T>(value: unknown): T {
  const data: unknown = JSON.parse(JSON.stringify(value));
  return data as T;
}
