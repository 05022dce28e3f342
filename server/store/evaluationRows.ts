/** Outcomes of evaluations, as they lie in rows. */
import type { Accuracy } from "../../schemas/accuracy.ts";
import type { EvaluationEvent, Moment } from "../../schemas/protocol.ts";
import { putChoices } from "./choiceRows.ts";
import type { RunStatement } from "./statements.ts";
import type { Row } from "./storeReader.ts";

/** In place of what an earlier life of the run wrote of the same evaluation. */
export function putEvaluation(run: RunStatement, event: EvaluationEvent): void {
  const { step, moment, accuracy, categories, truncated, malformed } = event;
  const outcome = [...accuracyValues(accuracy), truncated, malformed];
  run("INSERT OR REPLACE INTO evaluations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", step, moment, ...outcome);
  run("DELETE FROM evaluation_categories WHERE step = ? AND moment = ?", step, moment);
  for (const [name, part] of Object.entries(categories))
    run(
      "INSERT INTO evaluation_categories VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      step,
      moment,
      name,
      ...accuracyValues(part),
    );
  putChoices(run, event);
}

/** All but the choices of tools. @param categories rows of all evaluations */
export function toEvaluation(row: Row, categories: readonly Row[]): Omit<EvaluationEvent, "choices"> {
  const { step, moment } = row;
  const parts = categories.filter((part) => part.step === step && part.moment === moment);
  return {
    step: step as number,
    moment: moment as Moment,
    accuracy: toAccuracy(row),
    categories: Object.fromEntries(parts.map((part) => [part.category as string, toAccuracy(part)])),
    truncated: row.truncated as number,
    malformed: row.malformed as number,
  };
}

const accuracyValues = (part: Accuracy): number[] => [part.rows, part.correct, part.value, part.low, part.high];

const toAccuracy = ({ rows, correct, accuracy, low, high }: Row): Accuracy => ({
  rows: rows as number,
  correct: correct as number,
  value: accuracy as number,
  low: low as number,
  high: high as number,
});
