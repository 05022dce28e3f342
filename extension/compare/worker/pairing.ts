/** Two runs on the same rows: how far apart they are, and which rows only one of them solved. */
import type { Pairing, RowOutcome, RowSource, SolvedBy } from "../../../schemas/compareView.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import { pairedDifference } from "../../../server/training/comparing/pairedProportions.ts";
import type { AskedRows, ComparedRun } from "./comparedRun.ts";

/** A row is solved where any of its rollouts was correct, as a row without one is hard. */
const isSolved = (marks: string): boolean => marks.includes("c");

export interface Differing {
  sample: string;
  first: RowOutcome;
  second: RowOutcome;
}

/** @throws where a run cannot be read */
export function pairingOf(first: ComparedRun, second: ComparedRun, source: RowSource): Pairing {
  const [a, b] = [first.asked(source), second.asked(source)];
  if (!a || !b) return { paired: null, note: whyNone(source, a, b) };
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (const [sample, marks] of a.marks) {
    const other = b.marks.get(sample);
    if (other === undefined) continue;
    const [one, two] = [isSolved(marks), isSolved(other)];
    if (one && two) counts.both++;
    else if (one) counts.onlyFirst++;
    else if (two) counts.onlySecond++;
    else counts.neither++;
  }
  const paired = pairedDifference(counts) ?? null;
  return { paired, note: notesOn(first.record(), second.record(), source, a, b, paired?.rows ?? 0) };
}

/** Rows that one of the two solved and the other did not, in the order in which the first was asked. */
export function differingRows(a: AskedRows, b: AskedRows, solvedBy: SolvedBy): Differing[] {
  return [...a.marks].flatMap(([sample, marks]) => {
    const other = b.marks.get(sample);
    if (other === undefined || isSolved(marks) === isSolved(other)) return [];
    if (solvedBy !== "any" && isSolved(marks) !== (solvedBy === "first")) return [];
    return [{ sample, first: outcomeOf(marks), second: outcomeOf(other) }];
  });
}

function outcomeOf(marks: string): RowOutcome {
  const correct = [...marks].filter((mark) => mark === "c").length;
  const mark = marks === "c" || marks === "w" || marks === "m" || marks === "t" ? marks : null;
  return { correct, rollouts: marks.length, mark };
}

function whyNone(source: RowSource, a: AskedRows | undefined, b: AskedRows | undefined): string {
  const who = !a && !b ? "Neither run" : a ? "This run" : "The first run";
  const has = who === "Neither run" ? "has" : "does not have";
  return source === "heldOut"
    ? `${who} ${has} an evaluation of held-out rows that is stored row by row.`
    : `${who} ${has} a full probe of its training rows.`;
}

/** What keeps the numbers from meaning what they seem to mean; null where nothing does. */
function notesOn(
  first: RunRecord,
  second: RunRecord,
  source: RowSource,
  a: AskedRows,
  b: AskedRows,
  rows: number,
): string | null {
  const notes: string[] = [];
  const file = source === "heldOut" ? "heldOut" : "train";
  if (rows === 0) notes.push("The two were asked no row of the same id.");
  else if (rows < a.marks.size || rows < b.marks.size)
    notes.push(
      `Only the rows that both were asked count; the first run was asked ${a.marks.size}, this one ${b.marks.size}.`,
    );
  if (rows > 0 && contentsOf(first, file) !== contentsOf(second, file))
    notes.push("The files of the rows differ, so a row of the same id may ask something else.");
  // A reward may bring a verdict of its own on what is correct.
  if (first.experiment.settings.reward !== second.experiment.settings.reward)
    notes.push("The runs have different rewards, so correct may not mean the same in both.");
  return notes.length === 0 ? null : notes.join(" ");
}

const contentsOf = ({ experiment, inputs }: RunRecord, key: "train" | "heldOut"): string | undefined =>
  inputs.find(({ file }) => file === experiment[key])?.sha256;
