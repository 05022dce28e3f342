/** Whether a sample can be answered at all as its reward wants it: some gold answers cannot, and would earn nothing without a word. */
import type { RewardName } from "../../../schemas/rewards.ts";
import type { Sample } from "../../../schemas/samples.ts";
import { pythonCall } from "../dialects/pythonCalls.ts";
import type { Reward, RewardContext } from "./reward.ts";
import { toolN1Gold } from "./toolN1Reward.ts";
import { toolRlGold } from "./toolrlReward.ts";

const hermes = ({ answer }: Sample): string =>
  answer.map((call) => `<tool_call>\n${JSON.stringify(call)}\n</tool_call>`).join("\n");

const fourExamples = `<examples>\n${[1, 2, 3, 4]
  .map((number) => JSON.stringify({ tool: "tool", question: `question ${number}`, answer: {} }))
  .join("\n")}\n</examples>\n`;

/** The completions that each reward should like best; of several ways to write calls one must do. */
const IDEALS: Readonly<Record<RewardName, (sample: Sample) => string[]>> = {
  toolexpander: (sample) => [hermes(sample)],
  set: (sample) => [fourExamples + hermes(sample)],
  toolrl: (sample) => [toolRlGold(sample)],
  "toolrl-paper": (sample) => [toolRlGold(sample)],
  "tool-n1": (sample) => [`<think> </think><tool_call>${toolN1Gold(sample)}</tool_call>`],
  "bfcl-ast": (sample) => {
    const python = `[${sample.answer.map(pythonCallOf).join(", ")}]`;
    const json = JSON.stringify(
      sample.answer.map(({ name, arguments: parameters }) => ({ function: name, parameters })),
    );
    return [hermes(sample), python, `<TOOLCALL>${python}</TOOLCALL>`, json];
  },
};

const pythonCallOf = ({ name, arguments: values }: Sample["answer"][number]): string =>
  pythonCall({ name, arguments: { ...values } });

/** Why no completion is right for the sample; undefined where one is. */
export function whyUnsatisfiable(
  name: RewardName,
  reward: Reward,
  sample: Sample,
  context: RewardContext,
): string | undefined {
  const results = IDEALS[name](sample).map((ideal) => reward(ideal, sample, context));
  const right = results.some(({ verdict, parts }) => verdict?.correct ?? (parts.format === 1 && parts.result === 1));
  return right ? undefined : (results.find(({ failed }) => failed) ?? results[0])?.reason;
}
