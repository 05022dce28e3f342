/** The optimizer steps of one sampling batch: mini-batches, passes, and what is left out because it teaches nothing. */
import type { ResolvedExperiment, Settings } from "../../schemas/experiment.ts";
import { InputError } from "../../schemas/problem.ts";
import type { Run, StepGroup } from "./context.ts";
import type { LearningGroup, UpdateMetrics } from "./engine/policyEngine.ts";
import { tokenWeights } from "./objectives/aggregation.ts";
import { LEAST_SCALE } from "./objectives/lossScaling.ts";
import type { GrpoObjective, Objective, PpoObjective } from "./objectives/objective.ts";
import { decayAt, learningRateAt } from "./objectives/schedule.ts";
import { pieces } from "./sampling.ts";

/** One optimizer step that was taken. */
export interface TakenUpdate {
  groups: LearningGroup[];
  metrics: UpdateMetrics;
  learningRate: number;
}

export interface Learnt {
  updates: TakenUpdate[];
  /** Optimizer steps not taken, since no group of the mini-batch had anything to teach. */
  skipped: number;
  /** Where products are float16: the last loss scale, and optimizer steps not taken, since a gradient was not finite with it. */
  scaling?: { lossScale: number; overflowed: number };
}

/** Optimizer steps that one sampling step counts for in the schedule. */
export function optimizerStepsPerStep(settings: Settings): number {
  const { promptsPerMiniBatch, epochsPerBatch } = settings.optimizer;
  return epochsPerBatch * Math.ceil(settings.sampling.promptsPerStep / promptsPerMiniBatch);
}

/** The objective as the engine is to minimise it: a KL penalty that is taken off the reward is not in the loss again. */
export function grpoObjective({ objective }: Settings): GrpoObjective {
  const { clipLow, clipHigh, kl, entropy, importanceCap } = objective;
  return {
    kind: "grpo",
    clipLow,
    clipHigh,
    beta: objective.klPlacement === "loss" ? objective.beta : 0,
    kl,
    entropy,
    ...(importanceCap > 0 ? { importanceCap } : {}),
  };
}

/** The same with values. */
export function ppoObjective(settings: Settings): PpoObjective {
  const { valueCoefficient, valueClip } = settings.ppo;
  return { ...grpoObjective(settings), kind: "ppo", valueCoefficient, ...(valueClip > 0 && { valueClip }) };
}

/** What a run's updates minimise. */
export function objectiveOf({ preset, settings }: Pick<ResolvedExperiment, "preset" | "settings">): Objective {
  switch (preset) {
    case "sft":
      return { kind: "supervised" };
    case "spark":
      return ppoObjective(settings);
    default:
      return grpoObjective(settings);
  }
}

/**
 * What the mini-batch's groups are learnt with. Weights are normalised over all completions of the mini-batch; then
 * the groups are left out whose loss is constant in the policy: no advantage, and no KL or entropy term either.
 */
export function learningGroups(groups: readonly StepGroup[], settings: Settings): LearningGroup[] {
  const { beta, entropy } = grpoObjective(settings);
  const rollouts = groups.flatMap((group) => group.rollouts);
  const masks = settings.objective.truncated === "mask";
  const weights = tokenWeights(
    rollouts.map(({ completion }) => completion.tokens.length),
    rollouts.map(({ completion }) => masks && completion.truncated),
    settings.objective.aggregation,
    settings.lengths.response,
  );
  const result: LearningGroup[] = [];
  let next = 0;
  for (const group of groups) {
    const own = weights.slice(next, next + group.rollouts.length);
    next += group.rollouts.length;
    const teaches = group.rollouts.some(
      ({ advantage }, index) =>
        (advantage !== 0 || beta > 0 || entropy > 0) && own[index]?.some((weight) => weight !== 0),
    );
    if (!teaches) continue;
    result.push({
      prompt: group.row.prompt.tokens,
      completions: group.rollouts.map(({ completion }) => completion.tokens),
      signals: group.rollouts.map(({ completion, advantage }, index) => {
        const refLogprobs = beta > 0 ? group.reference?.[index] : undefined;
        const trained = group.trainer?.[index];
        return {
          weights: own[index] as Float32Array,
          advantage,
          oldLogprobs: trained ?? completion.logprobs,
          ...(trained ? { samplerLogprobs: completion.logprobs } : {}),
          ...(refLogprobs ? { refLogprobs } : {}),
        };
      }),
    });
  }
  return result;
}

/**
 * Goes through the batch `epochsPerBatch` times, one optimizer step for each mini-batch, in the order of the rows (as
 * veRL does). A mini-batch with nothing to teach takes no optimizer step but counts as one in the learning-rate schedule.
 */
export async function learn(run: Run, step: number, groups: readonly StepGroup[]): Promise<Learnt> {
  const { settings } = run.experiment;
  const perStep = optimizerStepsPerStep(settings);
  const objective = grpoObjective(settings);
  const miniBatches = pieces(groups, settings.optimizer.promptsPerMiniBatch);
  const learnt: Learnt = { updates: [], skipped: 0 };
  for (let update = 0; update < perStep; update++) {
    const miniBatch = miniBatches[update % miniBatches.length] as StepGroup[];
    const teaching = learningGroups(miniBatch, settings);
    if (teaching.length === 0) {
      learnt.skipped++;
      continue;
    }
    const learningRate = rateOf(run, step, update);
    await run.control.hold();
    const request = { groups: teaching, objective, temperature: settings.sampling.temperature, learningRate };
    const metrics = await run.engine.update(request);
    refuseDivergence(metrics, step);
    const overflowed = noteScale(learnt, metrics);
    if (!overflowed) learnt.updates.push({ groups: teaching, metrics, learningRate });
    run.recorder.progress(update + 1, perStep);
  }
  return learnt;
}

/** Learning rate of an optimizer step of a step, from 0. */
export function rateOf({ experiment, progress }: Pick<Run, "experiment" | "progress">, step: number, update: number) {
  const { settings } = experiment;
  const { curriculum } = progress;
  const perStep = optimizerStepsPerStep(settings);
  const rate = learningRateAt((step - 1) * perStep + update, settings.steps * perStep, settings.optimizer);
  const rounds = (curriculum.round?.number ?? 1) - 1;
  return rate * decayAt(settings.optimizer.decay, { rounds, epochs: curriculum.epochOf(step), steps: step - 1 });
}

/** Learning rate of a step that is one optimizer step. @param epoch from 0; it counts as a round too, since there are no others */
export function scheduledRate(
  optimizer: Settings["optimizer"],
  { step, steps, epoch }: { step: number; steps: number; epoch: number },
): number {
  const decay = decayAt(optimizer.decay, { rounds: epoch, epochs: epoch, steps: step - 1 });
  return decay * learningRateAt(step - 1, steps, optimizer);
}

/** Whether the update overflowed and took no step. */
function noteScale(learnt: Learnt, { lossScaling }: UpdateMetrics): boolean {
  if (lossScaling === undefined) return false;
  const { scale, overflowed } = lossScaling;
  learnt.scaling = { lossScale: scale, overflowed: (learnt.scaling?.overflowed ?? 0) + Number(overflowed) };
  return overflowed;
}

/** A policy whose loss is no longer a number cannot be mended by going on, unless a smaller loss scale may mend it. */
export function refuseDivergence({ loss, gradNorm, lossScaling }: UpdateMetrics, step: number): void {
  if (Number.isFinite(loss) && Number.isFinite(gradNorm)) return;
  if (lossScaling?.overflowed) {
    if (lossScaling.scale > LEAST_SCALE) return;
    throw new InputError(
      `In step ${step} the loss or its gradient is beyond float16 even with a loss scale of ${lossScaling.scale}; set settings.optimizer.precision to "f32", or lower settings.optimizer.learningRate, and start anew.`,
    );
  }
  throw new InputError(
    `The policy diverged in step ${step}: its loss or gradient is no longer a finite number; lower settings.optimizer.learningRate or maxGradNorm and start anew.`,
  );
}
