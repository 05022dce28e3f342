/** Supervised fine-tuning: cross-entropy of the gold completions, or of stored turns, on the same course, store and checkpoints as GRPO. */
import type { Run } from "./context.ts";
import { epochOf, rowsOfStep } from "./draw.ts";
import { refuseDivergence, scheduledRate } from "./learning.ts";
import { tokenWeights } from "./objectives/aggregation.ts";
import { course } from "./stages.ts";
import { storedMetrics } from "./storedMetrics.ts";

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
  const epoch = epochOf(count, settings.sampling.promptsPerStep, step);
  const learningRate = scheduledRate(settings.optimizer, { step, steps: run.data.steps, epoch });
  const update = await run.engine.update({
    groups: lessons.map(({ prompt, target }, index) => ({
      prompt,
      completions: [target],
      signals: [{ weights: weights[index] as Float32Array, advantage: 0 }],
    })),
    objective: { kind: "supervised" },
    temperature: 1,
    learningRate,
  });
  refuseDivergence(update, step);
  const milliseconds = run.control.now() - started;
  const metrics = storedMetrics({ update, learningRate, lengths, milliseconds });
  run.recorder.step({ step, metrics, groups: [], states: [] });
  run.progress.step = step;
}
