/** What ToolExpander (arXiv 2510.07737v1) reports of its methods, as comparisons that a sweep can make. */

import type { VariantOutcome } from "../../server/training/sweep/comparison.ts";
import { pairedDifference } from "../../server/training/sweep/comparison.ts";
import type { Interval } from "../../server/training/sweep/interval.ts";
import { interval95 } from "../../server/training/sweep/interval.ts";
import type { RunOutcome } from "../../server/training/sweep/outcome.ts";

/** More is better for accuracy, less for hard rows. */
type Measure = "accuracy" | "hard rows";

export interface Claim {
  sentence: string;
  source: string;
  measure: Measure;
  better: string;
  /** "base" is the policy that the better one began with. */
  than: string;
}

const claim = (better: string, than: string, measure: Measure, source: string): Claim => ({
  sentence:
    measure === "accuracy" ? `${better} answers more than ${than}` : `${better} leaves fewer hard rows than ${than}`,
  source,
  measure,
  better,
  than,
});

export const CLAIMS: readonly Claim[] = [
  claim("GRPO", "base", "accuracy", "Tables 5 and 6, BFCL of the 7B models"),
  claim("GRPO", "base", "hard rows", "Tables 2 and 3"),
  claim("replace", "GRPO", "accuracy", "Tables 5 and 6"),
  claim("add", "GRPO", "accuracy", "Tables 5 and 6"),
  claim("replace", "GRPO", "hard rows", "Table 3"),
  claim("add", "GRPO", "hard rows", "Table 3"),
  claim("replace", "add", "hard rows", "Table 3"),
  claim("SET", "base", "accuracy", "Table 8"),
  claim("SET", "GRPO", "accuracy", "Table 8"),
  claim("SET", "GRPO", "hard rows", "Tables 3 and 8"),
  claim("SET + replace", "SET", "hard rows", "Table 8"),
];

export type Verdict = "appears" | "does not appear" | "undetermined";

export interface Finding extends Claim {
  /** Of `better` less `than`, paired by seed; percentage points or rows. Null while two seeds are missing. */
  difference: Interval | null;
  verdict: Verdict;
}

/** A finding appears, or its opposite does, where the 95 % interval of the difference leaves out zero. */
export function findingOf(claimed: Claim, variants: readonly VariantOutcome[]): Finding {
  const difference = differenceOf(claimed, variants);
  const sign = claimed.measure === "accuracy" ? 1 : -1;
  let verdict: Verdict = "undetermined";
  if (difference !== null && difference.low * difference.high > 0)
    verdict = sign * difference.mean > 0 ? "appears" : "does not appear";
  return { ...claimed, difference, verdict };
}

function differenceOf({ better, than, measure }: Claim, variants: readonly VariantOutcome[]): Interval | null {
  const runsOf = (name: string): RunOutcome[] => variants.find((variant) => variant.name === name)?.runs ?? [];
  const after = (run: RunOutcome) => scaled(measure, measure === "accuracy" ? run.accuracyAfter : run.hardAfter);
  if (than !== "base") return pairedDifference(runsOf(better), runsOf(than), after);
  const before = (run: RunOutcome) => scaled(measure, measure === "accuracy" ? run.accuracyBefore : run.hardBefore);
  const gains = runsOf(better).flatMap((run) => {
    const [start, end] = [before(run), after(run)];
    return start === null || end === null ? [] : [end - start];
  });
  return gains.length < 2 ? null : interval95(gains);
}

const scaled = (measure: Measure, value: number | null): number | null =>
  value === null || measure === "hard rows" ? value : 100 * value;
