/**
 * Proximal Policy Optimization over stored episodes, top to bottom (SPaRK; Schulman et al. 2017, §5): offline, since nothing is sampled,
 * and step-wise, since a turn is one action. Everything that decides the run is a function of its seed, the step and what the epoch froze.
 */
import type { Run } from "../context.ts";
import { ppoObjective, refuseDivergence, scheduledRate } from "../learning.ts";
import { course } from "../stages.ts";
import { batchesOf, epochOfStep, turnsOfStep } from "./batches.ts";
import type { EpisodeData, StoredTurn } from "./data.ts";
import { frozenFor } from "./freeze.ts";
import { estimate, lessonsOf, type TurnEstimates } from "./lessons.ts";
import { offlineMetrics } from "./offlineMetrics.ts";

/** Trains from `run.progress` to the last step, one optimizer step on a mini-batch of turns each. */
export function learnStoredTurns(run: Run): Promise<void> {
  const { episodes: data } = run.data;
  if (data === undefined) throw new Error("The run has no stored turns");
  return course(run, (_, step) => learnBatch(run, data, step));
}

async function learnBatch(run: Run, { episodes, turns }: EpisodeData, step: number): Promise<void> {
  const { settings, seed } = run.experiment;
  const { promptsPerStep: size, temperature } = settings.sampling;
  await run.control.gate();
  const started = run.control.now();
  const epoch = epochOfStep(step, turns.length, size);
  const frozen = await frozenFor(run, turns, epoch);
  run.recorder.activity("updating");
  const estimates = estimate(episodes, frozen.values, settings.ppo);
  const chosen = turnsOfStep(turns.length, size, seed, step);
  const groups = lessonsOf(chosen, turns, frozen, estimates, settings);
  const objective = ppoObjective(settings);
  const learningRate = scheduledRate(settings.optimizer, { step, steps: run.data.steps, epoch });
  const valueLearningRate = (learningRate / settings.optimizer.learningRate) * settings.ppo.valueLearningRate;
  await run.control.hold();
  const update = await run.engine.update({ groups, objective, temperature, learningRate, valueLearningRate });
  refuseDivergence(update, step);
  const metrics = offlineMetrics({
    groups,
    update,
    objective,
    learningRate,
    epochs: step / batchesOf(turns.length, size),
    milliseconds: run.control.now() - started,
  });
  const lessons = chosen.map((index) => lessonRecord(turns[index] as StoredTurn, index, frozen.values, estimates));
  run.recorder.step({ step, metrics, groups: [], states: [], lessons });
  run.progress.step = step;
}

const lessonRecord = (
  { question, turn }: StoredTurn,
  index: number,
  values: Float32Array,
  { advantages, returns }: TurnEstimates,
) => ({
  question,
  turn,
  value: values[index] as number,
  advantage: advantages[index] as number,
  target: returns[index] as number,
});
