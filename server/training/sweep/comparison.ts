/** A sweep as a comparison: each variant's mean and spread, and its difference from the first, paired by seed. */
import { hardOscillation } from "../stability.ts";
import { mean, standardDeviation } from "../statistics.ts";
import { type Interval, interval95 } from "./interval.ts";
import type { RunOutcome } from "./outcome.ts";

export interface VariantOutcome {
  name: string;
  preset: string;
  /** Those that have finished. */
  runs: RunOutcome[];
}

/** Mean and standard deviation (ddof 1) over the seeds. */
export interface Spread {
  mean: number;
  deviation: number;
  count: number;
}

export interface ComparedVariant {
  name: string;
  preset: string;
  seeds: number;
  accuracyBefore: Spread | null;
  accuracyAfter: Spread | null;
  /** Of accuracyAfter; null for the first variant and where fewer than two seeds are in both. */
  accuracyDifference: Interval | null;
  /** Of the choice of tools, bits; null where no episodes were played. */
  entropyBefore: Spread | null;
  entropyAfter: Spread | null;
  entropyDifference: Interval | null;
  questionEntropyBefore: Spread | null;
  questionEntropyAfter: Spread | null;
  hardBefore: Spread | null;
  hardAfter: Spread | null;
  hardDifference: Interval | null;
  windowVariance: Spread | null;
  largestDrop: Spread | null;
  /** Mean change of the hard count from round to round; null without rounds. */
  oscillation: Spread | null;
  collapsed: number;
  minutes: Spread | null;
}

type Measure = (run: RunOutcome) => number | null;

export function compared(variants: readonly VariantOutcome[]): ComparedVariant[] {
  const [first] = variants;
  return variants.map(({ name, preset, runs }) => {
    const spread = (measure: Measure): Spread | null => spreadOf(runs.map(measure));
    const difference = (measure: Measure): Interval | null =>
      first === undefined || first.runs === runs ? null : pairedDifference(runs, first.runs, measure);
    return {
      name,
      preset,
      seeds: runs.length,
      accuracyBefore: spread((run) => run.accuracyBefore),
      accuracyAfter: spread((run) => run.accuracyAfter),
      accuracyDifference: difference((run) => run.accuracyAfter),
      entropyBefore: spread((run) => run.entropyBefore),
      entropyAfter: spread((run) => run.entropyAfter),
      entropyDifference: difference((run) => run.entropyAfter),
      questionEntropyBefore: spread((run) => run.questionEntropyBefore),
      questionEntropyAfter: spread((run) => run.questionEntropyAfter),
      hardBefore: spread((run) => run.hardBefore),
      hardAfter: spread((run) => run.hardAfter),
      hardDifference: difference((run) => run.hardAfter),
      windowVariance: spread((run) => run.windowVariance),
      largestDrop: spread((run) => run.largestDrop),
      oscillation: spread((run) => hardOscillation(run.hardByRound)),
      collapsed: runs.filter((run) => run.collapsed).length,
      minutes: spread((run) => run.minutes),
    };
  });
}

function spreadOf(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : { mean: mean(known), deviation: standardDeviation(known), count: known.length };
}

/** 95 % interval of the mean difference over the seeds that both have. */
export function pairedDifference(
  runs: readonly RunOutcome[],
  others: readonly RunOutcome[],
  measure: Measure,
): Interval | null {
  const bySeed = new Map(others.map((run) => [run.seed, measure(run)]));
  const differences = runs.flatMap((run) => {
    const [own, other] = [measure(run), bySeed.get(run.seed) ?? null];
    return own === null || other === null ? [] : [own - other];
  });
  return differences.length < 2 ? null : interval95(differences);
}
