/** The page of SPaRK beside imitation and the policy that both began with. */

import type { ToolChoices } from "../../schemas/choices.ts";
import { entropyBits, mean } from "../../server/training/statistics.ts";
import type { ComparedVariant, VariantOutcome } from "../../server/training/sweep/comparison.ts";
import { markdownTable } from "../../server/training/sweep/markdownTable.ts";
import type { RunOutcome } from "../../server/training/sweep/outcome.ts";
import type { Plan } from "../../server/training/sweep/plan.ts";
import { intervalText, spreadText, verdictText } from "./cells.ts";
import type { Evidence } from "./sweepEvidence.ts";

export function sparkPage(
  plan: Plan,
  variants: readonly VariantOutcome[],
  { machine, rows, findings }: Evidence,
): string {
  const { settings } = plan.variants[0]?.runs[0]?.experiment ?? {};
  const { episodes = 0, temperature = 0 } = settings?.evaluation ?? {};
  return [
    "# SPaRK beside imitation of the same trajectories",
    "",
    `Held-out questions, each played ${episodes} times at temperature ${temperature}, tools as the policy likes. Accuracy is of episodes, in per ` +
      "cent; the entropy is Shannon's, in bits, of the shares that each tool and plain reasoning have in all choices, and the mean over questions " +
      `of each one's own. Means over ${plan.seeds.length} seeds ± standard deviation. Made by \`node scripts/evidence/spark.ts\` from ` +
      `\`toolexpander sweep examples/sweeps/spark.experiment.json\` on ${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ` +
      `onnxruntime-node ${machine.onnxruntime}.`,
    "",
    "![Accuracy and entropy while learning, and each tool's share of the choices](spark.svg)",
    "",
    ...markdownTable([
      ["policy", "seeds", "accuracy", "entropy", "of at most", "entropy per question", "minutes"],
      ...baseCells(rows, variants),
      ...rows.map((row) => resultCells(row, variants)),
    ]),
    "",
    "At most: what the entropy would be if all tools had equal shares, and plain reasoning the share that it has. Every episode ends in an " +
      "answer, so that of two choices one is plain reasoning, however evenly the tools are chosen.",
    "",
    "## What of the paper's promises appears here",
    "",
    "Differences are paired by seed, with their 95 % interval (Student's t), in percentage points or in bits. A promise appears where the interval " +
      "leaves out zero on its side, does not where it does on the other, and else stays undetermined; not to answer less appears unless the whole " +
      "interval says less.",
    "",
    ...markdownTable([
      ["promise", "in the paper", "difference here", "verdict"],
      ...findings.map((finding) => [
        finding.sentence,
        finding.source,
        intervalText(finding.difference, finding.measure === "entropy" ? 2 : 1),
        verdictText(finding),
      ]),
    ]),
    "",
    "## Each tool's share of the choices, in per cent",
    "",
    ...markdownTable(shareCells(variants)),
    "",
    "## Every run",
    "",
    ...markdownTable([
      ["policy", "seed", "accuracy before", "after", "entropy before", "after", "minutes"],
      ...variants.flatMap(({ name, runs }) => runs.map((run) => runCells(name, run))),
    ]),
    "",
  ].join("\n");
}

/** What every run began with is one policy; its seeds differ in the episodes alone. */
const baseCells = ([first]: readonly ComparedVariant[], [variant]: readonly VariantOutcome[]): string[][] =>
  first === undefined
    ? []
    : [
        [
          "base",
          String(first.seeds),
          spreadText(first.accuracyBefore, 1, 100),
          spreadText(first.entropyBefore, 2),
          mostText(variant?.runs.map(({ choicesBefore }) => choicesBefore)),
          spreadText(first.questionEntropyBefore, 2),
          "",
        ],
      ];

const resultCells = (row: ComparedVariant, variants: readonly VariantOutcome[]): string[] => [
  row.name,
  String(row.seeds),
  spreadText(row.accuracyAfter, 1, 100),
  spreadText(row.entropyAfter, 2),
  mostText(variants.find(({ name }) => name === row.name)?.runs.map(({ choicesAfter }) => choicesAfter)),
  spreadText(row.questionEntropyAfter, 2),
  spreadText(row.minutes, 1),
];

/** Bits, the mean over runs. */
function mostText(runs: readonly (Choices | null)[] = []): string {
  const most = runs.flatMap((choices) => (choices === null ? [] : [mostBits(choices)]));
  return most.length === 0 ? "" : mean(most).toFixed(2);
}

type Choices = ToolChoices["tools"];

/** Entropy where plain reasoning keeps its share and the tools share the rest alike. */
function mostBits(choices: Choices): number {
  const plain = choices.find(({ tool }) => tool === null)?.share ?? 0;
  const tools = choices.filter(({ tool }) => tool !== null);
  return entropyBits([plain, ...tools.map(() => (1 - plain) / tools.length)]);
}

/** A row for each tool, a column for each policy, the one that all began with first. */
function shareCells(variants: readonly VariantOutcome[]): string[][] {
  const columns = [
    { name: "base", choices: (variants[0]?.runs ?? []).flatMap(({ choicesBefore }) => choicesBefore ?? []) },
    ...variants.map(({ name, runs }) => ({ name, choices: runs.flatMap(({ choicesAfter }) => choicesAfter ?? []) })),
  ];
  const tools = [...new Set(columns.flatMap(({ choices }) => choices.map(({ tool }) => tool)))];
  const share = (tool: string | null, { choices }: (typeof columns)[number]): string => {
    const shares = choices.filter((choice) => choice.tool === tool).map((choice) => choice.share);
    return shares.length === 0 ? "" : (100 * mean(shares)).toFixed(1);
  };
  return [
    ["tool", ...columns.map(({ name }) => name)],
    ...tools.map((tool) => [tool ?? "(plain reasoning)", ...columns.map((column) => share(tool, column))]),
  ];
}

function runCells(name: string, run: RunOutcome): string[] {
  const percent = (share: number | null) => (share === null ? "" : (100 * share).toFixed(1));
  return [
    name,
    String(run.seed),
    percent(run.accuracyBefore),
    percent(run.accuracyAfter),
    run.entropyBefore?.toFixed(2) ?? "",
    run.entropyAfter?.toFixed(2) ?? "",
    run.wholeMinutes?.toFixed(1) ?? "",
  ];
}
