/** What a step of PPO over stored turns came to, in numbers. */
import type { StepMetrics } from "../../../schemas/protocol.ts";
import type { LearningGroup, LearningSignal, UpdateMetrics, ValueSignal } from "../engine/policyEngine.ts";
import { driftOf } from "../metrics.ts";
import { completionKl } from "../objectives/kl.ts";
import type { PpoObjective } from "../objectives/objective.ts";
import { valueMetrics } from "../objectives/valueMetrics.ts";
import { mean } from "../statistics.ts";
import { storedMetrics, taken } from "../storedMetrics.ts";

export interface LearntBatch {
  groups: LearningGroup[];
  update: UpdateMetrics;
  objective: PpoObjective;
  learningRate: number;
  /** Passes over the stored turns after this step. */
  epochs: number;
  milliseconds: number;
}

export function offlineMetrics({ groups, update, objective, epochs, ...step }: LearntBatch): StepMetrics {
  const updates = taken(update).map((metrics) => ({ groups, metrics, learningRate: step.learningRate }));
  const lengths = groups.map(({ completions: [completion] }) => completion?.length ?? 0);
  return {
    ...storedMetrics({ update, lengths, ...step }),
    ...driftOf(updates, objective.clipLow, objective.clipHigh),
    referenceKl: referenceKl(groups, update),
    entropy: entropyOf(update),
    ...(updates.length > 0 && learntValues(groups, update, objective)),
    epochs,
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
