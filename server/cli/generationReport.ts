/** What came of generating trajectories, for a terminal. */
import { plain } from "../toolcalls/display.ts";
import { accuracyText } from "../training/client/text.ts";
import type { ToolRow, TrajectoryTable } from "../training/spark/trajectoryTable.ts";
import { MOST_TOOLS, moreTools, tableText } from "./table.ts";

/** @param threshold score above which an action is viable */
export function generationReport(file: string, planned: number, table: TrajectoryTable, threshold: number): string {
  const { questions, correct, turns, withoutViable, entropyBits, ends, troubles, skipped, tools } = table;
  const left = planned - questions;
  return [
    `${file}: ${questions} of ${planned} questions${left > 0 ? "; the same command goes on with the others" : ""}`,
    ...(questions === 0
      ? []
      : [
          `right: ${accuracyText(correct)}`,
          tableText(
            [
              "tool",
              "candidates",
              "broken",
              "score below 1",
              `1 to ${threshold}`,
              "viable",
              "chosen",
              "as the best",
              "mean score",
            ],
            tools.slice(0, MOST_TOOLS).map(lineOf),
          ),
          ...moreTools(tools.length),
          `${turns} turns, ${withoutViable} of them with nothing viable; entropy of the chosen tools ${entropyBits.toFixed(2)} bits`,
          `ends: ${counted(ends)}`,
          ...told("observations that are no results", troubles),
          ...told("questions skipped", skipped),
        ]),
  ].join("\n");
}

function lineOf({ tool, proposed, broken, scores, viable, chosen, chosenAsBest, meanScore }: ToolRow): string[] {
  const low = scores[0] ?? 0;
  return [
    tool === null ? "(plain reasoning)" : plain(tool),
    ...[proposed, broken, low, proposed - low - viable, viable, chosen, chosenAsBest].map(String),
    meanScore.toFixed(2),
  ];
}

const counted = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${plain(name, 200)}`)
    .join(", ");

const told = (what: string, counts: Record<string, number>): string[] =>
  Object.keys(counts).length === 0 ? [] : [`${what}: ${counted(counts)}`];
