/** What a paper says of its methods, as comparisons that a sweep can make, and whether the sweep bears it out. */
import { pairedDifference, type VariantOutcome } from "../../server/training/sweep/comparison.ts";
import { type Interval, interval95 } from "../../server/training/sweep/interval.ts";
import type { RunOutcome } from "../../server/training/sweep/outcome.ts";

interface Measured {
  /** −1 where less is better. */
  sign: 1 | -1;
  /** To the unit that pages show. */
  scale: number;
  before: (run: RunOutcome) => number | null;
  after: (run: RunOutcome) => number | null;
}

const MEASURES = {
  accuracy: { sign: 1, scale: 100, before: (run) => run.accuracyBefore, after: (run) => run.accuracyAfter },
  "hard rows": { sign: -1, scale: 1, before: (run) => run.hardBefore, after: (run) => run.hardAfter },
  entropy: { sign: 1, scale: 1, before: (run) => run.entropyBefore, after: (run) => run.entropyAfter },
} satisfies Record<string, Measured>;

export interface Claim {
  sentence: string;
  source: string;
  measure: keyof typeof MEASURES;
  better: string;
  /** "base" is the policy that the better one began with. */
  than: string;
  /** It is enough that it is not worse. */
  notWorse?: boolean;
}

export type Verdict = "appears" | "does not appear" | "undetermined";

export interface Finding extends Claim {
  /** Of `better` less `than`, paired by seed; percentage points, rows or bits. Null while two seeds are missing. */
  difference: Interval | null;
  verdict: Verdict;
}

/**
 * That something is better appears, or its opposite does, where the 95 % interval of the difference leaves out zero. That it is not worse
 * appears unless the whole interval says that it is.
 */
export function findingOf(claimed: Claim, variants: readonly VariantOutcome[]): Finding {
  const difference = differenceOf(claimed, variants);
  return {
    ...claimed,
    difference,
    verdict: difference === null ? "undetermined" : verdictOf(claimed, difference),
  };
}

function verdictOf({ measure, notWorse = false }: Claim, { mean, low, high }: Interval): Verdict {
  const determined = low * high > 0;
  const better = MEASURES[measure].sign * mean > 0;
  if (notWorse) return determined && !better ? "does not appear" : "appears";
  if (!determined) return "undetermined";
  return better ? "appears" : "does not appear";
}

function differenceOf({ better, than, measure }: Claim, variants: readonly VariantOutcome[]): Interval | null {
  const runsOf = (name: string): RunOutcome[] => variants.find((variant) => variant.name === name)?.runs ?? [];
  const { scale, before, after }: Measured = MEASURES[measure];
  const scaled = (value: number | null): number | null => (value === null ? null : scale * value);
  if (than !== "base") return pairedDifference(runsOf(better), runsOf(than), (run) => scaled(after(run)));
  const gains = runsOf(better).flatMap((run) => {
    const [start, end] = [scaled(before(run)), scaled(after(run))];
    return start === null || end === null ? [] : [end - start];
  });
  return gains.length < 2 ? null : interval95(gains);
}
