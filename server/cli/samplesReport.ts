/** What `toolexpander eval` says of an evaluation on samples: accuracy, and the reward by category and tool. */
import type { EvaluationEvent } from "../../schemas/protocol.ts";
import { plain } from "../toolcalls/display.ts";
import { accuracyText, percent } from "../training/client/text.ts";
import type { GroupEstimate, RewardTable } from "../training/rewardTable.ts";
import { MOST_TOOLS, moreTools, tableText } from "./table.ts";

export function samplesReport(
  model: string,
  { accuracy, categories: right, truncated, malformed }: EvaluationEvent,
  reward: string,
  { all, categories, tools, failed }: RewardTable,
): string {
  const named = Object.entries(tools).sort(([, a], [, b]) => b.rows - a.rows);
  return [
    `${model}: ${accuracyText(accuracy)}`,
    `reward ${reward}: ${estimateText(all)} (95 % interval by ${all.method === "wilson" ? "Wilson" : "bootstrap"})`,
    tableText(
      ["category", "accuracy", "reward"],
      Object.entries(right).map(([name, part]) => [plain(name), accuracyText(part), rewardText(categories[name])]),
    ),
    tableText(["tool of the gold answer", "rows", "right", "reward"], named.slice(0, MOST_TOOLS).map(lineOf)),
    ...moreTools(named.length),
    `${truncated} cut at the length limit, ${malformed} with broken markup${failed > 0 ? `, ${failed} whose reward failed` : ""}`,
  ].join("\n");
}

const lineOf = ([name, group]: [string, GroupEstimate]): string[] => [
  plain(name),
  String(group.rows),
  percent(group.rows === 0 ? 0 : group.correct / group.rows),
  estimateText(group),
];

/** Every row of a category may have failed. */
const rewardText = (group: GroupEstimate | undefined): string => (group === undefined ? "" : estimateText(group));

const estimateText = ({ mean, low, high }: GroupEstimate): string =>
  `${mean.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
