/** The learning rate over the optimizer steps of a run. */
import type { Settings } from "../../../schemas/experiment.ts";

/**
 * Rises linearly from 0 over warmupSteps, then stays (constant) or falls towards 0 at the end of the run (linear, cosine).
 * The 0 of the rise lies one step before the first, so that no step is taken in vain; step number warmupSteps has the
 * full rate.
 * @param optimizerStep from 0
 * @param totalOptimizerSteps of the whole run, ≥ 1; later steps keep the last rate, 0 or the constant
 */
export function learningRateAt(
  optimizerStep: number,
  totalOptimizerSteps: number,
  settings: Settings["optimizer"],
): number {
  const { learningRate, warmupSteps, schedule } = settings;
  if (optimizerStep < warmupSteps) return (learningRate * (optimizerStep + 1)) / (warmupSteps + 1);
  const decaySteps = Math.max(1, totalOptimizerSteps - warmupSteps);
  const progress = Math.min(1, (optimizerStep - warmupSteps) / decaySteps);
  switch (schedule) {
    case "constant":
      return learningRate;
    case "linear":
      return learningRate * (1 - progress);
    case "cosine":
      return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
  }
}

/** How far a run is, in each of the units that a decay may count. */
export interface Gone {
  rounds: number;
  epochs: number;
  steps: number;
}

/**
 * What exponential decay makes of the learning rate: factor^k after k intervals (ToolExpander §3.2, Table 10: 0.8, which damps
 * the oscillation of the hard count; the interval is not stated there).
 */
export function decayAt({ factor, every, steps }: Settings["optimizer"]["decay"], gone: Gone): number {
  switch (every) {
    case "round":
      return factor ** gone.rounds;
    case "epoch":
      return factor ** gone.epochs;
    case "steps":
      return factor ** Math.floor(gone.steps / steps);
  }
}
