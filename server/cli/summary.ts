/** What a run came to: a table, and three rollouts to look at. */
import type { RolloutRow, RunRecord, StepRow } from "../../schemas/run.ts";
import type { Sample } from "../../schemas/samples.ts";
import { RunReader } from "../store/reader.ts";
import { loadCatalog } from "../toolcalls/catalog.ts";
import { parseCompletion } from "../toolcalls/completion.ts";
import { plain } from "../toolcalls/display.ts";
import { loadSamples } from "../toolcalls/samples.ts";
import { accuracyText, choiceName, duration, entropyText, percent, short } from "../training/client/text.ts";
import { hardOscillation } from "../training/stability.ts";
import { tableText } from "./table.ts";

const EXAMPLES = 3;
/** Longest text of an example's line, UTF-16 units. */
const LINE = 240;

/** Table and examples as text. */
export function summaryOf(folder: string, record: RunRecord): string {
  using reader = new RunReader(folder);
  return [tableText([], rowsOf(reader, record)), ...examplesOf(reader, record)].join("\n");
}

function rowsOf(reader: RunReader, record: RunRecord): [string, string][] {
  const rows: [string, string][] = [];
  const evaluations = reader.evaluations();
  const before = evaluations.find(({ moment }) => moment === "before");
  const after = evaluations.filter(({ moment }) => moment !== "before").at(-1);
  if (before) rows.push(["held-out accuracy before", accuracyText(before.accuracy)]);
  if (after) rows.push([`held-out accuracy after step ${after.step}`, accuracyText(after.accuracy)]);
  for (const [name, part] of Object.entries(after?.categories ?? {})) {
    if (Object.keys(after?.categories ?? {}).length > 1) rows.push([`  ${plain(name)}`, accuracyText(part)]);
  }
  if (before?.choices) rows.push(["choice of tools before", entropyText(before.choices)]);
  if (after?.choices) rows.push([`choice of tools after step ${after.step}`, entropyText(after.choices)]);
  for (const { tool, share } of after?.choices?.tools ?? []) rows.push([`  ${choiceName(tool)}`, percent(share)]);
  for (const { moment, hard, rows: probed, mode } of reader.probeOutcomes()) {
    if (moment !== "between")
      rows.push([`hard rows ${moment}`, `${hard} of ${probed}${mode === "fast" ? " (fast probe)" : ""}`]);
  }
  const rounds = reader.rounds();
  if (rounds.length > 0) rows.push(["hard rows by round", rounds.map(({ hard }) => hard).join(" ")]);
  const oscillation = hardOscillation(rounds.map(({ hard }) => hard));
  if (oscillation !== null) rows.push(["  mean change from round to round", short(oscillation)]);
  const { lastStep } = reader.counts();
  const [last] = reader.steps({ first: lastStep, last: lastStep });
  rows.push(...stabilityRows(last?.metrics ?? {}));
  if (["sft", "spark"].includes(record.experiment.preset) && typeof last?.metrics.loss === "number")
    rows.push(["last loss", short(last.metrics.loss)]);
  for (const [name, title] of OFFLINE_ROWS) {
    const value = last?.metrics[name];
    if (typeof value === "number") rows.push([title, short(value)]);
  }
  const { engine } = record;
  if (engine !== undefined && engine.trained < engine.parameters)
    rows.push(["parameters trained", `${engine.trained} of ${engine.parameters}, the others frozen`]);
  // The stored turns may have been gone through before the settings' steps were.
  const { steps } = record.experiment.settings;
  rows.push(["steps", `${lastStep} of ${record.state === "finished" ? lastStep : steps}`]);
  const ended = Date.parse(record.ended ?? record.started);
  rows.push(["time since its last start", duration((ended - Date.parse(record.started)) / 1000)]);
  return rows;
}

/** Of the last step of PPO. */
const OFFLINE_ROWS = [
  ["valueLoss", "  of the values"],
  ["explainedVariance", "  variance of the returns that they explain"],
  ["epochs", "passes over the stored turns"],
] as const;

/** How steady the reward was, as of the last step (server/training/stability.ts). */
function stabilityRows({
  windowReward,
  windowVariance,
  largestDrop,
  stepsToTarget,
}: StepRow["metrics"]): [string, string][] {
  if (typeof windowReward !== "number") return [];
  const rows: [string, string][] = [
    ["reward, mean of the last window", short(windowReward)],
    ["  its variance", short(windowVariance ?? Number.NaN)],
    ["  largest drop from the best", short(largestDrop ?? Number.NaN)],
  ];
  if (typeof stepsToTarget === "number") rows.push(["  steps to the target", String(stepsToTarget)]);
  return rows;
}

/** Rollouts of the last evaluation, right and wrong ones where there are both; of the last step where none was evaluated. */
function examplesOf(reader: RunReader, record: RunRecord): string[] {
  const evaluated = reader.evaluations().at(-1);
  const query = evaluated
    ? ({ phase: "evaluation", step: evaluated.step } as const)
    : ({ phase: "train", step: reader.counts().lastStep } as const);
  const right = reader.rollouts({ ...query, outcome: "correct", limit: EXAMPLES }).rows;
  const others = (["wrong", "malformed"] as const).flatMap(
    (outcome) => reader.rollouts({ ...query, outcome, limit: EXAMPLES }).rows,
  );
  const chosen = [...right.slice(0, Math.max(2, EXAMPLES - others.length)), ...others].slice(0, EXAMPLES);
  const samples = samplesOf(record);
  return chosen.flatMap((row) => ["", ...exampleLines(row, samples.get(row.sample))]);
}

function exampleLines(row: RolloutRow, sample: Sample | undefined): string[] {
  const { calls } = parseCompletion(row.completion);
  return [
    `query      ${plain(sample?.query ?? `(sample ${row.sample})`, LINE)}`,
    `predicted  ${plain(calls.length > 0 ? JSON.stringify(calls) : row.completion, LINE)}`,
    `gold       ${sample ? plain(JSON.stringify(sample.answer), LINE) : "(the samples file cannot be read any more)"}`,
    `reward     ${row.reward}: ${plain(row.reason, LINE)}`,
  ];
}

/** Samples by id, training and held-out. A file that was changed or removed since has none. */
function samplesOf({ experiment }: RunRecord): Map<string, Sample> {
  const samples = new Map<string, Sample>();
  for (const file of [experiment.train, experiment.heldOut]) {
    try {
      if (file === undefined) continue;
      for (const sample of loadSamples(file, loadCatalog(experiment.tools))) samples.set(sample.id, sample);
    } catch {
      // The run's own record is complete without it; only the examples lose their query and gold answer.
    }
  }
  return samples;
}
