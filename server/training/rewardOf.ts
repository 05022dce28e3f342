/** The reward that an experiment names, as the judge of its completions, and the samples that it can never be content with. */
import { basename } from "node:path";
import type { ResolvedExperiment } from "../../schemas/experiment.ts";
import { isRewardName } from "../../schemas/rewards.ts";
import type { Tokenizer } from "../prompts/tokenizer.ts";
import type { ToolMap } from "../toolcalls/catalog.ts";
import { plain } from "../toolcalls/display.ts";
import { rewardNamed } from "../toolcalls/rewards/rewardNamed.ts";
import { whyUnsatisfiable } from "../toolcalls/rewards/satisfiable.ts";
import { type Judge, judgeWith, judgeWithOwn } from "./judge.ts";
import type { RewardIncidents } from "./ownReward/incidents.ts";
import { OwnReward } from "./ownReward/ownReward.ts";
import type { Row } from "./rows.ts";

/** @throws InputError where the researcher's own reward cannot be loaded */
export async function judgeOf(
  { settings: { reward, rewards }, rewardFile }: ResolvedExperiment,
  tokenizer: Tokenizer,
  tools: ToolMap,
  incidents: RewardIncidents,
): Promise<Judge> {
  const decode = (tokens: Int32Array): string => tokenizer.decode(tokens);
  if (isRewardName(reward)) return judgeWith(decode, rewardNamed(reward, rewards), tools);
  if (rewardFile === undefined) throw new Error(`No file was resolved for the reward ${reward}`);
  return judgeWithOwn(decode, await OwnReward.load(rewardFile, rewards.own, incidents), tools);
}

/** Samples that are named when their gold answers cannot be satisfied. */
const NAMED = 5;

/** One sentence for all rows of a file whose gold answer no completion can satisfy: they would earn nothing without a word. */
export function tellUnsatisfiable(
  { settings: { reward: name, rewards } }: ResolvedExperiment,
  file: string,
  rows: readonly Row[],
  tools: ToolMap,
  incidents: RewardIncidents,
): void {
  if (!isRewardName(name)) return;
  const reward = rewardNamed(name, rewards);
  const faults = rows.flatMap(({ sample }) => {
    const why = whyUnsatisfiable(name, reward, sample, { step: 1, tools });
    return why === undefined ? [] : [`"${plain(sample.id)}" (${why})`];
  });
  if (faults.length === 0) return;
  const more = faults.length > NAMED ? ` and ${faults.length - NAMED} more` : "";
  incidents.tell(
    `${faults.length} of the ${rows.length} rows of ${basename(file)} have a gold answer that no completion can satisfy with the reward ${name}: ` +
      `${faults.slice(0, NAMED).join(", ")}${more}. Correct or remove them; nothing can be learnt from them.`,
  );
}
