/** What one finished run of a sweep came to, and its curve. */
import type { ToolChoices } from "../../../schemas/choices.ts";
import type { EvaluationEvent } from "../../../schemas/protocol.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import { RunReader } from "../../store/reader.ts";

export interface RunOutcome {
  seed: number;
  folder: string;
  /** Of the policy it began with and of the one it ended with, all held-out rows; null where none were given. */
  accuracyBefore: number | null;
  accuracyAfter: number | null;
  /** Shannon entropy of the choice of tools, bits: marginal, and mean per question; null where no episodes were played. */
  entropyBefore: number | null;
  entropyAfter: number | null;
  questionEntropyBefore: number | null;
  questionEntropyAfter: number | null;
  /** Each tool's share of the choices in held-out episodes. */
  choicesBefore: ToolChoices["tools"] | null;
  choicesAfter: ToolChoices["tools"] | null;
  /** Null where the rows were not probed. */
  hardBefore: number | null;
  hardAfter: number | null;
  probedRows: number | null;
  /** Hard rows at the beginning of each round. */
  hardByRound: number[];
  /** Of the last step: variance of the reward over the window, and the largest drop from its best mean. */
  windowVariance: number | null;
  largestDrop: number | null;
  stepsToTarget: number | null;
  collapsed: boolean;
  /** Of training, without probes and evaluations. */
  minutes: number;
  /** From the start to the end, with all that; of a resumed run only since it went on. */
  wholeMinutes: number | null;
  curve: CurvePoint[];
}

export interface CurvePoint {
  step: number;
  reward: number | null;
  /** Only of the steps at which it was measured. */
  accuracy?: number;
  /** Of the choice of tools over all turns, bits. */
  entropy?: number;
}

export function outcomeOf(folder: string, { experiment, results = {}, started, ended }: RunRecord): RunOutcome {
  using reader = new RunReader(folder);
  const steps = reader.steps();
  const evaluations = reader.evaluations();
  const byStep = new Map(evaluations.map((evaluation) => [evaluation.step, evaluation]));
  const probes = reader.probeOutcomes();
  const metric = (name: string): number | null => steps.at(-1)?.metrics[name] ?? null;
  const milliseconds = steps.reduce((sum, { timings }) => sum + (timings.milliseconds ?? 0), 0);
  const result = (name: string): number | null => results[name] ?? null;
  return {
    seed: experiment.seed,
    folder,
    accuracyBefore: result("accuracyBefore"),
    accuracyAfter: result("accuracyAfter"),
    entropyBefore: result("entropyBitsBefore"),
    entropyAfter: result("entropyBitsAfter"),
    questionEntropyBefore: result("entropyBitsPerQuestionBefore"),
    questionEntropyAfter: result("entropyBitsPerQuestionAfter"),
    choicesBefore: evaluations.find(({ moment }) => moment === "before")?.choices?.tools ?? null,
    choicesAfter: evaluations.findLast(({ moment }) => moment === "after")?.choices?.tools ?? null,
    hardBefore: result("hardBefore"),
    hardAfter: result("hardAfter"),
    probedRows: probes[0]?.rows ?? null,
    hardByRound: reader.rounds().map(({ hard }) => hard),
    windowVariance: metric("windowVariance"),
    largestDrop: metric("largestDrop"),
    stepsToTarget: metric("stepsToTarget"),
    collapsed: steps.some(({ metrics }) => metrics.collapsed === 1),
    minutes: milliseconds / 60_000,
    wholeMinutes: ended === undefined ? null : (Date.parse(ended) - Date.parse(started)) / 60_000,
    curve: [
      ...point(0, null, byStep),
      ...steps.flatMap(({ step, metrics }) => point(step, metrics.rewardMean ?? null, byStep)),
    ],
  };
}

function point(step: number, reward: number | null, evaluations: ReadonlyMap<number, EvaluationEvent>): CurvePoint[] {
  const evaluation = evaluations.get(step);
  if (evaluation === undefined) return reward === null ? [] : [{ step, reward }];
  const { accuracy, choices } = evaluation;
  return [{ step, reward, accuracy: accuracy.value, ...(choices && { entropy: choices.entropyBits }) }];
}
