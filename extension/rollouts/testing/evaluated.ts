/** Evaluations and probes of made runs, row by row, as training stores them. */
import { accuracyOf } from "../../../server/training/statistics.ts";
import { type MadeRun, sampleAt } from "./madeRun.ts";

export type Solves = (row: number) => boolean;

export interface EvaluatedRows {
  step: number;
  rows: number;
  /** Whether a row is solved; of a probe, by the first of its rollouts. */
  solves: Solves;
  /** A probe of the training rows instead of an evaluation of held-out ones. */
  probe?: "full" | "fast";
  /** Of each row; 1 in an evaluation. */
  rollouts?: number;
}

export function evaluated({ writer }: MadeRun, { step, rows, solves, probe, rollouts = 1 }: EvaluatedRows): void {
  const moment = step === 0 ? "before" : "between";
  const records = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: rollouts }, (_, rollout) => recordAt(row, rollout, rollout === 0 && solves(row))),
  ).flat();
  writer.recordRollouts(probe ? "probe" : "evaluation", step, records);
  const correct = Array.from({ length: rows }, (_, row) => row).filter(solves).length;
  if (probe) {
    const counts = { rows, hard: rows - correct, rollouts, skipped: 0, drawn: rows * rollouts, saved: 0 };
    writer.recordProbe({ step, moment, mode: probe, ...counts }, []);
    return;
  }
  const accuracy = accuracyOf(correct, rows);
  writer.recordEvaluation({ step, moment, accuracy, categories: {}, truncated: 0, malformed: 0 });
}

function recordAt(row: number, rollout: number, correct: boolean) {
  const { id, query } = sampleAt(row);
  return {
    group: row,
    rollout,
    sample: id,
    prompt: query,
    completion: correct ? "right" : "wrong",
    tokens: new Int32Array(1),
    logprobs: new Float32Array(1),
    compact: true,
    entropy: null,
    reward: Number(correct),
    parts: {},
    reason: correct ? "It is right." : "It is wrong.",
    correct,
    formatOk: true,
    truncated: false,
    advantage: null,
  };
}
