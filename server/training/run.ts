/**
 * Group Relative Policy Optimization, top to bottom (DeepSeekMath §4; ToolExpander §3, §4.1). Everything that decides
 * the run is a function of its seed and the step, so a resumed run goes on as the undisturbed one would have.
 */
import type { RowRollouts, Run, StepGroup } from "./context.ts";
import { rowsOfStep } from "./draw.ts";
import { grpoObjective, learn, optimizerStepsPerStep } from "./learning.ts";
import { stepMetrics } from "./metrics.ts";
import { groupAdvantages } from "./objectives/advantages.ts";
import { completionKl } from "./objectives/kl.ts";
import { learningRateAt } from "./objectives/schedule.ts";
import { interruptible, sampleRows } from "./sampling.ts";
import { course } from "./stages.ts";

/** Trains from `run.progress` to the last step; see course for what surrounds the steps and what it throws. */
export function train(run: Run): Promise<void> {
  return course(run, trainStep);
}

async function trainStep(run: Run, step: number): Promise<void> {
  const { settings } = run.experiment;
  const started = run.control.now();
  const sampled = await sampleBatch(run, step);
  const samplingMilliseconds = run.control.now() - started;
  const reference = await referenceLogprobs(run, sampled);
  const groups = sampled.map((result, index) => withAdvantages(run, result, reference?.[index]));
  run.recorder.activity("updating");
  const learnt = await learn(run, step, groups);
  const solved = run.progress.hard?.solve(groups) ?? [];
  const perStep = optimizerStepsPerStep(settings);
  const metrics = stepMetrics({
    groups,
    learnt,
    learningRate: learningRateAt(step * perStep - 1, settings.steps * perStep, settings.optimizer),
    clip: settings.objective,
    hardRows: run.progress.hard?.count ?? null,
    times: { samplingMilliseconds, milliseconds: run.control.now() - started },
  });
  run.recorder.step({ step, metrics, groups, solved });
  run.progress.step = step;
}

/** G completions for each of the step's B rows, judged. */
async function sampleBatch(run: Run, step: number): Promise<RowRollouts[]> {
  const { settings, seed } = run.experiment;
  const { promptsPerStep, groupSize: n, temperature } = settings.sampling;
  const rows = rowsOfStep(run.data.train.length, promptsPerStep, seed, step).map((index) => {
    const row = run.data.train[index];
    if (!row) throw new RangeError(`No training row ${index}`);
    return row;
  });
  const total = rows.length * n;
  run.recorder.activity("sampling");
  return sampleRows(run, rows, {
    n,
    sampling: { temperature, maxNewTokens: settings.lengths.response },
    seed,
    step,
    drawn: (count) => run.recorder.progress(count, total),
  });
}

/** Log-probabilities under the frozen reference policy, [group][completion][token], where a KL term needs them. */
async function referenceLogprobs(run: Run, sampled: RowRollouts[]): Promise<Float32Array[][] | undefined> {
  const { objective, sampling } = run.experiment.settings;
  if (objective.beta === 0) return undefined;
  const groups = sampled.map(({ row, rollouts }) => ({
    prompt: row.prompt.tokens,
    completions: rollouts.map(({ completion }) => completion.tokens),
  }));
  return interruptible(run, (signal) => run.engine.logprobs(groups, "reference", sampling.temperature, signal));
}

/**
 * A_i of each completion of a group. With the KL penalty in the reward, beta times its estimate, summed over the
 * completion's tokens, is taken off first, as veRL's apply_kl_penalty does; the rewards on record stay without it.
 */
function withAdvantages(run: Run, { row, rollouts }: RowRollouts, reference: Float32Array[] | undefined): StepGroup {
  const { objective } = run.experiment.settings;
  const penalized = objective.beta > 0 && grpoObjective(run.experiment.settings).beta === 0;
  const rewards = rollouts.map(({ reward, failed, completion }, index) => {
    if (failed) return undefined;
    if (!penalized) return reward;
    return reward - objective.beta * completionKl(objective.kl, completion.logprobs, reference?.[index] ?? []);
  });
  const advantages = groupAdvantages(rewards, objective.normalizeStd);
  return {
    row,
    rollouts: rollouts.map((rollout, index) => ({ ...rollout, advantage: advantages[index] as number })),
    ...(reference ? { reference } : {}),
  };
}
