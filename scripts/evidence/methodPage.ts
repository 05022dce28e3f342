/** The page of the methods side by side. */
import type { ComparedVariant, VariantOutcome } from "../../server/training/sweep/comparison.ts";
import { markdownTable } from "../../server/training/sweep/markdownTable.ts";
import type { Plan } from "../../server/training/sweep/plan.ts";
import { intervalText, spreadText, verdictText } from "./cells.ts";
import type { Evidence } from "./sweepEvidence.ts";

export function methodPage(
  plan: Plan,
  variants: readonly VariantOutcome[],
  { machine, rows, findings }: Evidence,
): string {
  return [
    "# The methods side by side on the quickstart",
    "",
    `Held-out accuracy in per cent: greedy, all rows of the held-out file. Hard rows: no correct one of 10 rollouts, every row probed with all ` +
      `of them. Means over ${plan.seeds.length} seeds ± standard deviation. Made by \`node scripts/evidence/methods.ts\` from ` +
      `\`toolexpander sweep examples/sweeps/methods.experiment.json\` on ${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ` +
      `onnxruntime-node ${machine.onnxruntime}.`,
    "",
    "![Held-out accuracy by step, and hard rows before and after, for each method](methods.svg)",
    "",
    ...markdownTable([
      [
        "method",
        "steps × prompts",
        "seeds",
        "held-out: base",
        "after",
        "hard rows: base",
        "after",
        "minutes: shortest",
        "longest",
      ],
      ...rows.map((row) => resultCells(row, plan, variants)),
    ]),
    "",
    "Minutes are those of whole runs, probes and evaluations included; the machine did other work during some of them, so the shortest run of a " +
      "method tells best what it takes.",
    "",
    "How steady the training was: variance of the reward over its last window, largest drop of the window's mean from its best, mean " +
      "change of the hard count from round to round, runs that collapsed.",
    "",
    ...markdownTable([
      ["method", "variance", "largest drop", "change of hard", "collapsed"],
      ...rows.map((row) => [
        row.name,
        spreadText(row.windowVariance, 4),
        spreadText(row.largestDrop, 3),
        spreadText(row.oscillation, 1),
        `${row.collapsed} of ${row.seeds}`,
      ]),
    ]),
    "",
    "## What of the paper's findings appears here",
    "",
    "Differences are paired by seed, with their 95 % interval (Student's t), in percentage points of held-out accuracy or in hard rows. A finding " +
      "appears where the interval leaves out zero on the paper's side, does not where it does on the other, and else stays undetermined.",
    "",
    ...markdownTable([
      ["finding", "in the paper", "difference here", "verdict"],
      ...findings.map((finding) => [
        finding.sentence,
        finding.source,
        intervalText(finding.difference),
        verdictText(finding),
      ]),
    ]),
    "",
    "## Every run",
    "",
    ...markdownTable([
      ["method", "seed", "held-out: base", "after", "hard rows: base", "after", "minutes"],
      ...variants.flatMap(runCells),
    ]),
    "",
  ].join("\n");
}

function resultCells(row: ComparedVariant, plan: Plan, variants: readonly VariantOutcome[]): string[] {
  const settings = plan.variants.find(({ name }) => name === row.name)?.runs[0]?.experiment.settings;
  const whole = (variants.find(({ name }) => name === row.name)?.runs ?? []).flatMap(
    ({ wholeMinutes }) => wholeMinutes ?? [],
  );
  return [
    row.name,
    settings === undefined ? "" : `${settings.steps} × ${settings.sampling.promptsPerStep}`,
    String(row.seeds),
    spreadText(row.accuracyBefore, 1, 100),
    spreadText(row.accuracyAfter, 1, 100),
    spreadText(row.hardBefore, 1),
    spreadText(row.hardAfter, 1),
    ...[Math.min, Math.max].map((extreme) => (whole.length === 0 ? "" : extreme(...whole).toFixed(1))),
  ];
}

function runCells({ name, runs }: VariantOutcome): string[][] {
  const percent = (share: number | null) => (share === null ? "" : (100 * share).toFixed(1));
  return runs.map((run) => [
    name,
    String(run.seed),
    percent(run.accuracyBefore),
    percent(run.accuracyAfter),
    String(run.hardBefore ?? ""),
    String(run.hardAfter ?? ""),
    run.wholeMinutes?.toFixed(1) ?? "",
  ]);
}
