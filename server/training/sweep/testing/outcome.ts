/** A run that went well, for tests of what is made of many. */
import type { RunOutcome } from "../outcome.ts";

export const outcome = (seed: number, accuracyAfter: number | null, changes: Partial<RunOutcome> = {}): RunOutcome => ({
  seed,
  folder: "",
  accuracyBefore: 0.4,
  accuracyAfter,
  entropyBefore: null,
  entropyAfter: null,
  questionEntropyBefore: null,
  questionEntropyAfter: null,
  choicesBefore: null,
  choicesAfter: null,
  hardBefore: 20,
  hardAfter: 10,
  probedRows: 40,
  hardByRound: [],
  windowVariance: 0.01,
  largestDrop: 0.1,
  stepsToTarget: null,
  collapsed: false,
  minutes: 2,
  wholeMinutes: 2,
  curve: [],
  ...changes,
});
