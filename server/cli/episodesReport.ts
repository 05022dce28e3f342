/** What `eval` says of held-out questions that a policy has played. */
import type { EvaluationEvent } from "../../schemas/protocol.ts";
import { plain } from "../toolcalls/display.ts";
import { accuracyText, choiceName, entropyText, percent } from "../training/client/text.ts";
import { tableText } from "./table.ts";

export function episodesReport(
  model: string,
  { accuracy, categories, truncated, malformed, choices }: Omit<EvaluationEvent, "step" | "moment">,
): string {
  const { tools = [], episodes = 1, turns = 0 } = choices ?? {};
  return [
    `${model}: ${accuracyText(accuracy)} episodes, ${episodes} of each question`,
    ...(choices === undefined ? [] : [`${entropyText(choices)}, over ${turns} turns`]),
    tableText(
      ["category", "accuracy", "choice of tools"],
      Object.entries(categories).map(([name, part]) => {
        const own = choices?.categories[name];
        return [plain(name), accuracyText(part), own === undefined ? "" : entropyText(own)];
      }),
    ),
    tableText(
      ["tool", "turns", "share"],
      tools.map(({ tool, turns: count, share }) => [choiceName(tool), String(count), percent(share)]),
    ),
    `${truncated} episodes without an answer, ${malformed} with an action that could not be read or called what is not offered`,
  ].join("\n");
}
