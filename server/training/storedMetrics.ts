/** What a step came to that is one optimizer step on stored completions: nothing was sampled, so what only samples have is null. */
import type { StepMetrics } from "../../schemas/protocol.ts";
import type { UpdateMetrics } from "./engine/policyEngine.ts";
import { NO_VALUES, rate, UNKNOWN_GAP } from "./metrics.ts";
import { UNKNOWN_STABILITY } from "./stability.ts";
import { mean } from "./statistics.ts";

export interface StoredStep {
  update: UpdateMetrics;
  learningRate: number;
  /** Tokens of each completion. */
  lengths: readonly number[];
  milliseconds: number;
}

/** The update, where it did not overflow and took a step. */
export const taken = (update: UpdateMetrics): UpdateMetrics[] => (update.lossScaling?.overflowed ? [] : [update]);

export function storedMetrics({ update, learningRate, lengths, milliseconds }: StoredStep): StepMetrics {
  const { lossScaling } = update;
  const updates = taken(update);
  return {
    loss: mean(updates.map(({ loss }) => loss)),
    gradNorm: mean(updates.map(({ gradNorm }) => gradNorm)),
    learningRate,
    optimizerSteps: updates.length,
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
