/** Supervised fine-tuning: cross-entropy of the gold completions, or of stored turns, on the same course, store and checkpoints as GRPO. */
import type { StepMetrics } from "../../schemas/protocol.ts";
import type { Run } from "./context.ts";
import { rowsOfStep } from "./draw.ts";
import type { UpdateMetrics } from "./engine/policyEngine.ts";
import { refuseDivergence, scheduledRate } from "./learning.ts";
import { NO_VALUES, rate, UNKNOWN_GAP } from "./metrics.ts";
import { tokenWeights } from "./objectives/aggregation.ts";
import { UNKNOWN_STABILITY } from "./stability.ts";
import { course } from "./stages.ts";
import { mean } from "./statistics.ts";

/** Trains from `run.progress` to the last step, one optimizer step on `promptsPerStep` rows or turns each. */
export function fineTune(run: Run): Promise<void> {
  return course(run, supervisedStep);
}

async function supervisedStep(run: Run, step: number): Promise<void> {
  const { settings, seed } = run.experiment;
  await run.control.gate();
  const started = run.control.now();
  run.recorder.activity("updating");
  const { count } = run.data.lessons;
  const lessons = rowsOfStep(count, settings.sampling.promptsPerStep, seed, step).map((index) =>
    run.data.lessons.at(index),
  );
  const lengths = lessons.map(({ target }) => target.length);
  const weights = tokenWeights(
    lengths,
    lengths.map(() => false),
    settings.objective.aggregation,
    settings.lengths.response,
  );
  const epoch = Math.floor((step - 1) / Math.floor(count / settings.sampling.promptsPerStep));
  const learningRate = scheduledRate(settings.optimizer, { step, steps: run.data.steps, epoch });
  const metrics = await run.engine.update({
    groups: lessons.map(({ prompt, target }, index) => ({
      prompt,
      completions: [target],
      signals: [{ weights: weights[index] as Float32Array, advantage: 0 }],
    })),
    objective: { kind: "supervised" },
    temperature: 1,
    learningRate,
  });
  refuseDivergence(metrics, step);
  const milliseconds = run.control.now() - started;
  run.recorder.step({
    step,
    metrics: supervisedMetrics(metrics, learningRate, lengths, milliseconds),
    groups: [],
    states: [],
  });
  run.progress.step = step;
}

function supervisedMetrics(
  update: UpdateMetrics,
  learningRate: number,
  lengths: number[],
  milliseconds: number,
): StepMetrics {
  const { lossScaling } = update;
  const taken = lossScaling?.overflowed ? [] : [update];
  return {
    loss: mean(taken.map(({ loss }) => loss)),
    gradNorm: mean(taken.map(({ gradNorm }) => gradNorm)),
    learningRate,
    optimizerSteps: taken.length,
    skippedOptimizerSteps: 0,
    lossScale: lossScaling?.scale ?? null,
    overflowedOptimizerSteps: lossScaling ? Number(lossScaling.overflowed) : null,
    rewardMean: null,
    rewardStd: null,
    rewardParts: {},
    accuracy: null,
    zeroVarianceGroups: null,
    allWrongGroups: null,
    allRightGroups: null,
    clippedLow: null,
    clippedHigh: null,
    samplerKl: null,
    ...UNKNOWN_GAP,
    referenceKl: null,
    entropy: null,
    ...NO_VALUES,
    tokensMean: mean(lengths),
    tokensMax: Math.max(...lengths),
    truncated: null,
    hardRows: null,
    fewShotGroups: null,
    editedGroups: null,
    examples: null,
    nearDuplicateExamples: null,
    ...UNKNOWN_STABILITY,
    samplingTokensPerSecond: null,
    updateTokensPerSecond: rate(update.tokens, update.milliseconds),
    milliseconds,
  };
}
