/** A sweep's comparison as a page of Markdown, which a terminal shows as well. */
import { PUBLISHED } from "../../../schemas/published.ts";
import { type ComparedVariant, compared, type Spread, type VariantOutcome } from "./comparison.ts";
import type { Interval } from "./interval.ts";
import { markdownTable } from "./markdownTable.ts";

/** @param planned runs of the whole sweep */
export function sweepReport(name: string, variants: readonly VariantOutcome[], planned: number): string {
  const rows = compared(variants);
  const finished = variants.reduce((sum, { runs }) => sum + runs.length, 0);
  const first = variants[0]?.name ?? "";
  return [
    `# ${name}`,
    "",
    `${finished} of ${planned} runs have finished. Means over the seeds ± standard deviation; differences are from ${first}, ` +
      "paired by seed, with their 95 % interval (Student's t). Held-out accuracy in per cent: " +
      (rows.every(({ entropyAfter }) => entropyAfter === null) ? "greedy, all rows." : "of episodes, all questions."),
    "",
    ...markdownTable([
      ["variant", "seeds", "held-out before", "after", "difference", "hard before", "after", "difference"],
      ...rows.map(resultCells),
    ]),
    ...choicesOf(rows),
    "",
    "How steady the training was: variance of the reward over its last window, largest drop of the window's mean from its best, mean " +
      "change of the hard count from round to round, runs that collapsed.",
    "",
    ...markdownTable([
      ["variant", "variance", "largest drop", "change of hard", "collapsed", "minutes of training"],
      ...rows.map(steadinessCells),
    ]),
    ...publishedOf(rows),
    "",
  ].join("\n");
}

function resultCells(row: ComparedVariant): string[] {
  const percent = (spread: Spread | null): string => spreadText(spread, 1, 100);
  return [
    row.name,
    String(row.seeds),
    percent(row.accuracyBefore),
    percent(row.accuracyAfter),
    intervalText(row.accuracyDifference, 1, 100),
    spreadText(row.hardBefore, 1),
    spreadText(row.hardAfter, 1),
    intervalText(row.hardDifference, 1),
  ];
}

/** Of sweeps over episodes. */
function choicesOf(rows: readonly ComparedVariant[]): string[] {
  if (rows.every(({ entropyAfter }) => entropyAfter === null)) return [];
  const cells = (row: ComparedVariant): string[] => [
    row.name,
    spreadText(row.entropyBefore, 2),
    spreadText(row.entropyAfter, 2),
    intervalText(row.entropyDifference, 2),
    spreadText(row.questionEntropyBefore, 2),
    spreadText(row.questionEntropyAfter, 2),
  ];
  return [
    "",
    "Shannon entropy of the choice of tools in held-out episodes, bits: over all turns, and the mean over questions of each one's own. " +
      "What could not be read is no choice.",
    "",
    ...markdownTable([
      ["variant", "all turns before", "after", "difference", "per question before", "after"],
      ...rows.map(cells),
    ]),
  ];
}

const steadinessCells = (row: ComparedVariant): string[] => [
  row.name,
  spreadText(row.windowVariance, 4),
  spreadText(row.largestDrop, 3),
  spreadText(row.oscillation, 1),
  `${row.collapsed} of ${row.seeds}`,
  spreadText(row.minutes, 1),
];

function publishedOf(rows: readonly ComparedVariant[]): string[] {
  const presets = new Set(rows.map(({ preset }) => preset));
  const known = PUBLISHED.filter(({ preset }) => presets.has(preset));
  if (known.length === 0) return [];
  const change = (before: number | null, after: number | null): string =>
    before === null || after === null
      ? ""
      : signed(after - before, Number.isInteger(before) && Number.isInteger(after) ? 0 : 2);
  return [
    "",
    "Published, of other models on other data (hard rows of 62,687; the rest in per cent):",
    "",
    ...markdownTable([
      ["preset", "model", "measure", "before", "after", "change", "source"],
      ...known.map(({ preset, model, measure, before, after, source }) => [
        preset,
        model,
        measure,
        before === null ? "" : String(before),
        after === null ? "collapsed" : String(after),
        change(before, after),
        source,
      ]),
    ]),
  ];
}

function spreadText(spread: Spread | null, digits: number, scale = 1): string {
  if (spread === null) return "";
  const value = (scale * spread.mean).toFixed(digits);
  return spread.count < 2 ? value : `${value} ± ${(scale * spread.deviation).toFixed(digits)}`;
}

function intervalText(interval: Interval | null, digits: number, scale = 1): string {
  if (interval === null) return "";
  const [mean, low, high] = [interval.mean, interval.low, interval.high].map((one) => signed(scale * one, digits));
  return `${mean} (${low} to ${high})`;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return value < 0 ? `−${text}` : `+${text}`;
}

/** Every point of every run, for a plot: comma-separated, with a head. */
export function curvesCsv(variants: readonly VariantOutcome[]): string {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const lines = variants.flatMap(({ name, runs }) =>
    runs.flatMap(({ seed, curve }) =>
      curve.map(({ step, reward, accuracy, entropy }) =>
        [quoted(name), seed, step, reward ?? "", accuracy ?? "", entropy ?? ""].join(),
      ),
    ),
  );
  return `${["variant,seed,step,reward,accuracy,entropy", ...lines].join("\n")}\n`;
}
