/** Greedy accuracy on held-out rows, with its interval. */
import type { EvaluationEvent, Moment } from "../../schemas/protocol.ts";
import type { Run } from "./context.ts";
import type { Row, RowRollouts } from "./rows.ts";
import { pieces, type SamplingRun, sampleRows } from "./sampling.ts";
import { accuracyOf } from "./statistics.ts";

interface Tally {
  rows: number;
  correct: number;
}

/** Counts of one evaluation, taken up piece by piece. Rows without a category count as "other". */
export class EvaluationTally {
  readonly #all: Tally = { rows: 0, correct: 0 };
  readonly #categories = new Map<string, Tally>();
  #truncated = 0;
  #malformed = 0;

  /** @param results one rollout for each row */
  add(results: readonly RowRollouts[]): void {
    for (const { row, rollouts } of results) {
      const rollout = rollouts[0];
      const name = row.sample.category ?? "other";
      const category = this.#categories.get(name) ?? { rows: 0, correct: 0 };
      this.#categories.set(name, category);
      for (const tally of [this.#all, category]) {
        tally.rows++;
        if (rollout?.correct) tally.correct++;
      }
      if (rollout?.completion.truncated) this.#truncated++;
      if (rollout?.formatOk === false) this.#malformed++;
    }
  }

  event(step: number, moment: Moment): EvaluationEvent {
    const categories = [...this.#categories].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      step,
      moment,
      accuracy: accuracyOf(this.#all.correct, this.#all.rows),
      categories: Object.fromEntries(categories.map(([name, tally]) => [name, accuracyOf(tally.correct, tally.rows)])),
      truncated: this.#truncated,
      malformed: this.#malformed,
    };
  }
}

/** The part of a run that an evaluation needs. */
export interface EvaluatingRun extends SamplingRun, Pick<Run, "experiment" | "recorder"> {}

/** One greedy completion for each row, counted. Only the rollouts are recorded. */
export async function evaluateRows(
  run: EvaluatingRun,
  rows: readonly Row[],
  step: number,
  moment: Moment,
): Promise<EvaluationEvent> {
  const { settings, seed } = run.experiment;
  const sampling = { temperature: 0, maxNewTokens: settings.lengths.response };
  const tally = new EvaluationTally();
  run.recorder.activity("evaluating", moment);
  let asked = 0;
  for (const piece of pieces(rows, settings.sampling.promptsPerStep * settings.sampling.groupSize)) {
    const drawn = (count: number): void => run.recorder.progress(asked + count, rows.length);
    const results = await sampleRows(run, piece, { n: 1, sampling, seed, step, drawn });
    run.recorder.rollouts("evaluation", step, results);
    tally.add(results);
    asked += piece.length;
  }
  return tally.event(step, moment);
}

/** Evaluates the policy and records it. In between only the first `evaluation.rows` rows are asked. No held-out rows, no evaluation. */
export async function evaluate(run: Run, moment: Moment): Promise<void> {
  const { heldOut } = run.data;
  if (heldOut.length === 0) return;
  const limit = run.experiment.settings.evaluation.rows;
  const rows = moment === "between" && limit > 0 ? heldOut.slice(0, limit) : heldOut;
  run.recorder.evaluation(await evaluateRows(run, rows, run.progress.step, moment));
}
