/** What a step of PPO over stored turns came to, in numbers. */
import type { StepMetrics } from "../../../schemas/protocol.ts";
import type { LearningGroup, LearningSignal, UpdateMetrics, ValueSignal } from "../engine/policyEngine.ts";
import { driftOf, NO_VALUES, rate, UNKNOWN_GAP } from "../metrics.ts";
import { completionKl } from "../objectives/kl.ts";
import type { PpoObjective } from "../objectives/objective.ts";
import { valueMetrics } from "../objectives/valueMetrics.ts";
import { UNKNOWN_STABILITY } from "../stability.ts";
import { mean } from "../statistics.ts";

export interface LearntBatch {
  groups: LearningGroup[];
  update: UpdateMetrics;
  objective: PpoObjective;
  learningRate: number;
  /** Passes over the stored turns after this step. */
  epochs: number;
  milliseconds: number;
}

/** Nothing was sampled, so what only sampled completions have is null. */
export function offlineMetrics(batch: LearntBatch): StepMetrics {
  const { groups, update, objective, learningRate, epochs, milliseconds } = batch;
  const { lossScaling } = update;
  const taken = lossScaling?.overflowed ? [] : [update];
  const lengths = groups.map(({ completions: [completion] }) => completion?.length ?? 0);
  const updates = taken.map((metrics) => ({ groups, metrics, learningRate }));
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
    ...driftOf(updates, objective.clipLow, objective.clipHigh),
    ...UNKNOWN_GAP,
    referenceKl: referenceKl(groups, update),
    entropy: entropyOf(update),
    ...(taken.length === 0 ? NO_VALUES : learntValues(groups, update, objective)),
    epochs,
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

const signalOf = ({ signals }: LearningGroup): LearningSignal => signals[0] as LearningSignal;

function learntValues(
  groups: readonly LearningGroup[],
  { values = [], valueLoss }: UpdateMetrics,
  objective: PpoObjective,
) {
  const learnt = groups.map((group, index) => ({
    ...(signalOf(group).values as ValueSignal),
    values: values[index]?.[0] as Float32Array,
  }));
  return { valueLoss: valueLoss ?? null, ...valueMetrics(learnt, objective.valueClip) };
}

/** Mean over tokens of the k3 estimate of KL(policy ‖ reference) on stored tokens; null without a KL term. */
function referenceKl(groups: readonly LearningGroup[], { logprobs }: UpdateMetrics): number | null {
  let [sum, tokens] = [0, 0];
  for (const [index, group] of groups.entries()) {
    const { refLogprobs } = signalOf(group);
    const now = logprobs[index]?.[0];
    if (refLogprobs === undefined || now === undefined) continue;
    sum += completionKl("k3", now, refLogprobs);
    tokens += now.length;
  }
  return tokens === 0 ? null : sum / tokens;
}

/** Known where the loss has an entropy term. */
const entropyOf = ({ entropies }: UpdateMetrics): number | null =>
  entropies === undefined ? null : mean(entropies.flatMap((group) => group.flatMap((tokens) => [...tokens])));
