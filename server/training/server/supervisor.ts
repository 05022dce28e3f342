/** Keeps a run going over engine crashes: a new engine, the last checkpoint, the steps since replayed. */
import type { RunPlan, TrainingDevice } from "../../../schemas/devices.ts";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import { loraOf } from "../engine/lora.ts";
import type { PolicyEngine } from "../engine/policyEngine.ts";
import { EngineLost } from "../engine/remote/errors.ts";
import type { EngineOptions } from "../engine/remote/messages.ts";
import { objectiveOf } from "../learning.ts";

/** Crashes without a new step in between that end the run: another attempt would end the same way. */
const MOST_CRASHES = 3;

export interface Watch<E extends PolicyEngine> {
  start(): Promise<E>;
  /** Restores the last checkpoint into a fresh engine and goes on from there. Throws EngineLost where the engine dies. */
  attempt(engine: E): Promise<void>;
  /** Newest step on record. */
  newestStep(): number;
  lost(error: EngineLost, crashes: number): void;
}

/** Settles when an attempt does, with as many engines as it takes. Throws InputError after too many crashes at one place. */
export async function supervise<E extends PolicyEngine>(watch: Watch<E>): Promise<void> {
  let crashes = 0;
  let furthest = watch.newestStep();
  for (;;) {
    let engine: E | undefined;
    try {
      engine = await watch.start();
      return await watch.attempt(engine);
    } catch (error) {
      if (!(error instanceof EngineLost)) throw error;
      crashes = watch.newestStep() > furthest ? 1 : crashes + 1;
      furthest = Math.max(furthest, watch.newestStep());
      watch.lost(error, crashes);
      if (crashes >= MOST_CRASHES) throw gaveUp(error, crashes, engine !== undefined);
    } finally {
      await engine?.dispose().catch(() => {}); // it is gone, or of no further use
    }
  }
}

function gaveUp({ message }: EngineLost, crashes: number, cameUp: boolean): InputError {
  const cause = cameUp
    ? "Too little memory is the usual cause: lower settings.optimizer.microBatchTokens, then resume."
    : "It did not even come up: check the installation and the device.";
  return new InputError(
    `${message}, ${crashes} times without a new step in between; server.log in the run folder may say why. ${cause}`,
  );
}

/** What the run's engine is made from: the plan's numbers before the experiment's. */
export function engineOptions(experiment: ResolvedExperiment, plan?: RunPlan): EngineOptions {
  const { model, initialAdapter, threads, seed, preset, settings } = experiment;
  const adapter = loraOf(settings.adapter);
  const { beta1, beta2, epsilon, weightDecay, maxGradNorm, precision, checkpointing } = settings.optimizer;
  return {
    model,
    device: deviceOf(experiment, plan),
    threads,
    seed,
    optimizer: { beta1, beta2, epsilon, weightDecay, maxGradNorm },
    precision,
    checkpointing,
    ...(adapter && { adapter }),
    ...(initialAdapter !== undefined && { initialAdapter }),
    // The last token of a completion is predicted, never read.
    positions: settings.lengths.prompt + settings.lengths.response - 1,
    microBatchTokens: plan?.microBatchTokens ?? settings.optimizer.microBatchTokens,
    maxSequences: plan?.maxSequences ?? settings.sampling.maxSequences,
    objective: objectiveOf(experiment),
    ...(preset === "spark" && { valueHead: true }),
  };
}

/** Of an engine that only draws: what learns values is left out. */
export function drawingEngineOptions(experiment: ResolvedExperiment): EngineOptions {
  const { valueHead: _, ...options } = engineOptions(experiment);
  return options;
}

/** The device that a run computes on: the experiment's, or the one that its plan has in place of "auto". */
export function deviceOf({ device }: Pick<ResolvedExperiment, "device">, plan: RunPlan | undefined): TrainingDevice {
  if (device !== "auto") return device;
  // Without a plan nothing was tested: the CPU works everywhere.
  return plan?.device?.name ?? "cpu";
}
