/** Numbers and words of a comparison, as the page and its exports write them. */
import type { HeldOut, PairedDifference, Probed, RowOutcome, RowSource } from "../../../schemas/compareView.ts";
import { markNames } from "../../words/marks.ts";
import { counted } from "../../words/numbers.ts";

const minus = (text: string): string => text.replaceAll("-", "−");

/** A share as percent without its sign, one digit behind the point. */
const hundredths = (share: number): string => minus((100 * share).toFixed(1));

/** `+3.5` percentage points. */
const points = (share: number): string => (share > 0 ? `+${hundredths(share)}` : hundredths(share));

export const intervalText = ({ low, high }: { low: number; high: number }): string =>
  `${hundredths(low)} to ${hundredths(high)}`;

export const differenceText = (paired: PairedDifference): string =>
  `${points(paired.difference)} points (${points(paired.low)} to ${points(paired.high)})`;

/** A probability as papers write it. */
export function pText(p: number): string {
  if (p < 0.001) return "< 0.001";
  return p.toFixed(p < 0.1 ? 3 : 2);
}

export const sources: Record<RowSource, { title: string; about: string }> = {
  heldOut: {
    title: "Held-out rows",
    about: "One greedy completion for each row, in the newest evaluation of each run.",
  },
  training: {
    title: "Training rows",
    about: "A row is solved where any rollout of the newest full probe of the run is correct; the others are hard.",
  },
};

/** How the differences are computed, said once for each table. */
export const METHOD =
  "Differences are in percentage points against the first run, over the rows that both were asked, with the paired 95 % interval of Newcombe (1998, method 10). p is McNemar’s exact test on the rows that one alone solved. Neither counts what another seed would change.";

/** What one row of a results table says of a run. */
export interface Result {
  step: number;
  solved: number;
  rows: number;
  share: number;
  /** Wilson 95 % interval; probes have none, they ask all rows there are. */
  interval: { low: number; high: number } | null;
}

export const resultOfEvaluation = ({ step, accuracy }: HeldOut): Result => ({
  step,
  solved: accuracy.correct,
  rows: accuracy.rows,
  share: accuracy.value,
  interval: accuracy,
});

export const resultOfProbe = ({ step, rows, hard }: Probed): Result => ({
  step,
  solved: rows - hard,
  rows,
  share: rows === 0 ? 0 : (rows - hard) / rows,
  interval: null,
});

/** What came of a row: the word for its one completion, else how many of its rollouts were correct. */
export const outcomeText = ({ correct, rollouts, mark }: RowOutcome): string =>
  mark ? markNames[mark] : `${counted(correct)} of ${counted(rollouts)} correct`;
