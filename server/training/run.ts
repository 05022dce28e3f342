/**
 * Group Relative Policy Optimization, top to bottom (DeepSeekMath §4; ToolExpander §3, §4.1). Everything that decides
 * the run is a function of its seed and the step, so a resumed run goes on as the undisturbed one would have.
 */
import type { Run, StepGroup } from "./context.ts";
import { beginRound } from "./curriculum/beginRound.ts";
import { grpoObjective, learn, optimizerStepsPerStep, rateOf } from "./learning.ts";
import { stepMetrics } from "./metrics.ts";
import { groupAdvantages } from "./objectives/advantages.ts";
import { completionKl } from "./objectives/kl.ts";
import type { DrawnRow, RowRollouts } from "./rows.ts";
import { interruptible, sampleRows } from "./sampling.ts";
import { course } from "./stages.ts";

/** Trains from `run.progress` to the last step; see course for what surrounds the steps and what it throws. */
export function train(run: Run): Promise<void> {
  return course(run, async (_, step) => {
    if (run.progress.curriculum.isOver(step)) await beginRound(run);
    await trainStep(run, step);
  });
}

async function trainStep(run: Run, step: number): Promise<void> {
  const { settings } = run.experiment;
  const { curriculum, stability } = run.progress;
  // An edit that is made while the run is paused counts for the step that comes then.
  await run.control.gate();
  const started = run.control.now();
  const sampled = await sampleBatch(run, drawRows(run, step), step);
  const samplingMilliseconds = run.control.now() - started;
  const { beta, importanceCap } = settings.objective;
  const reference = beta > 0 ? await scored(run, sampled, "reference") : undefined;
  const trainer = importanceCap > 0 ? await scored(run, sampled, "current") : undefined;
  const groups = sampled.map((result, index) => {
    const group = withAdvantages(run, result, reference?.[index]);
    return trainer ? { ...group, trainer: trainer[index] as Float32Array[] } : group;
  });
  run.recorder.activity("updating");
  const learnt = await learn(run, step, groups);
  const states = curriculum.solve(groups);
  const metrics = stepMetrics({
    groups,
    learnt,
    learningRate: rateOf(run, step, optimizerStepsPerStep(settings) - 1),
    clip: settings.objective,
    hardRows: curriculum.book.hard,
    exemplifies: settings.prompt === "self-exemplify",
    times: { samplingMilliseconds, milliseconds: run.control.now() - started },
  });
  const steadiness = stability.take(step, metrics);
  run.recorder.step({ step, metrics: { ...metrics, ...steadiness }, groups, states });
  run.progress.step = step;
  tellCollapse(run, step, steadiness.windowReward);
}

/** The step's B rows as they are put in it. What the researcher edited before now counts from here on. */
function drawRows({ progress, edits, recorder }: Run, step: number): DrawnRow[] {
  const changed = edits.at(step).map((edit) => progress.curriculum.take(edit));
  if (changed.length > 0) recorder.edited(step, changed);
  return progress.curriculum.drawn(step);
}

/** G completions for each row of a step, judged. */
async function sampleBatch(run: Run, rows: DrawnRow[], step: number): Promise<RowRollouts<DrawnRow>[]> {
  const { settings, seed } = run.experiment;
  const { groupSize: n, temperature } = settings.sampling;
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

/** Says once that the run has collapsed (stability.ts), and holds it where the settings want that. */
function tellCollapse(
  { progress, experiment, recorder, control }: Run,
  step: number,
  windowReward: number | null,
): void {
  const { stability } = progress;
  const { action } = experiment.settings.stability.collapse;
  if (action === "none" || windowReward === null || !stability.hasJustCollapsed) return;
  const event = { step, windowReward, best: stability.best ?? windowReward, paused: action === "pause" };
  const isNews = recorder.collapse(event);
  if (isNews && event.paused) control.pause();
}

/**
 * Log-probabilities of what was sampled, [group][completion][token]: under the frozen reference policy, or under the
 * current one as training computes it.
 */
function scored(run: Run, sampled: RowRollouts[], policy: "current" | "reference"): Promise<Float32Array[][]> {
  const { temperature } = run.experiment.settings.sampling;
  const groups = sampled.map(({ row, rollouts }) => ({
    prompt: row.prompt.tokens,
    completions: rollouts.map(({ completion }) => completion.tokens),
  }));
  return interruptible(run, (signal) => run.engine.logprobs(groups, policy, temperature, signal));
}

/**
 * A_i of each completion of a group. With the KL penalty in the reward, beta times its estimate, summed over the
 * completion's tokens, is taken off first, as veRL's apply_kl_penalty does; the rewards on record stay without it.
 */
function withAdvantages(
  run: Run,
  { row, rollouts }: RowRollouts<DrawnRow>,
  reference: Float32Array[] | undefined,
): StepGroup {
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
