/** What one step came to, in numbers (algorithms of the field: TRL and veRL report the same under similar names). */
import type { StepMetrics } from "../../schemas/protocol.ts";
import { readExamples } from "../toolcalls/rewards/examples.ts";
import type { StepGroup } from "./context.ts";
import type { LearningGroup } from "./engine/policyEngine.ts";
import type { JudgedRollout } from "./judge.ts";
import type { Learnt, TakenUpdate } from "./learning.ts";
import { completionKl, klOfToken } from "./objectives/kl.ts";
import { samplerGap, type TwiceScored } from "./objectives/samplerGap.ts";
import { UNKNOWN_STABILITY } from "./stability.ts";
import { mean, standardDeviation } from "./statistics.ts";

function share(count: number, total: number): number {
  return total === 0 ? 0 : count / total;
}

/** Means of the named parts; a completion without a part counts as 0 in it. */
function meanParts(parts: readonly Record<string, number>[]): Record<string, number> {
  const names = [...new Set(parts.flatMap((part) => Object.keys(part)))].sort();
  return Object.fromEntries(names.map((name) => [name, mean(parts.map((part) => part[name] ?? 0))]));
}

/** How far the policy had moved at each update from what it was before the first, and how often the clip acted. */
export function driftOf(updates: readonly TakenUpdate[], clipLow: number, clipHigh: number) {
  let tokens = 0;
  let low = 0;
  let high = 0;
  let kl = 0;
  const visit = (group: LearningGroup, logprobs: readonly Float32Array[]): void => {
    for (const [index, { weights, advantage, oldLogprobs }] of group.signals.entries()) {
      const current = logprobs[index];
      if (!current || !oldLogprobs) continue;
      for (const [position, old] of oldLogprobs.entries()) {
        if (weights[position] === 0) continue;
        const now = current[position] as number;
        const ratio = Math.exp(now - old);
        tokens++;
        if (advantage < 0 && ratio < 1 - clipLow) low++;
        if (advantage > 0 && ratio > 1 + clipHigh) high++;
        // KL(old ‖ now) from tokens drawn from old: d = now − old.
        kl += klOfToken("k3", old, now);
      }
    }
  };
  for (const { groups, metrics } of updates) {
    for (const [index, group] of groups.entries()) visit(group, metrics.logprobs[index] ?? []);
  }
  return { clippedLow: share(low, tokens), clippedHigh: share(high, tokens), samplerKl: share(kl, tokens) };
}

/** Mean over tokens of the k3 estimate of KL(sampling policy ‖ reference policy); null without a reference pass. */
function referenceKlOf(groups: readonly StepGroup[]): number | null {
  let tokens = 0;
  let sum = 0;
  for (const { rollouts, reference = [] } of groups) {
    for (const [index, refLogprobs] of reference.entries()) {
      const { logprobs } = (rollouts[index] as JudgedRollout).completion;
      sum += completionKl("k3", logprobs, refLogprobs);
      tokens += refLogprobs.length;
    }
  }
  return tokens === 0 ? null : sum / tokens;
}

/** Of a step that learns no values, from nothing that is stored. */
export const NO_VALUES = { valueLoss: null, explainedVariance: null, valueClipped: null, epochs: null };

/** Of a step in which nothing was computed twice. */
export const UNKNOWN_GAP = { samplerGapMean: null, samplerGapMax: null, samplerGapKl: null, samplerGapOutside: null };

/**
 * How far sampling and training are apart in computing one policy. Where training scores the batch before its first update
 * (truncated importance sampling), over all completions; else over those of the first update, which computes them anyway
 * with the weights that were sampled from. Null where no update was taken.
 */
export function gapOf(groups: readonly StepGroup[], updates: readonly TakenUpdate[]) {
  return samplerGap(twiceScored(groups, updates)) ?? UNKNOWN_GAP;
}

function* twiceScored(groups: readonly StepGroup[], updates: readonly TakenUpdate[]): Generator<TwiceScored> {
  const frozen = groups.filter(({ trainer }) => trainer !== undefined);
  for (const { rollouts, trainer = [] } of frozen) {
    for (const [index, logprobs] of trainer.entries()) {
      yield { sampler: (rollouts[index] as JudgedRollout).completion.logprobs, trainer: logprobs };
    }
  }
  const [first] = updates;
  if (frozen.length > 0 || first === undefined) return;
  for (const [index, { signals }] of first.groups.entries()) {
    for (const [completion, trainer] of (first.metrics.logprobs[index] ?? []).entries()) {
      const sampler = signals[completion]?.oldLogprobs;
      if (sampler) yield { sampler, trainer };
    }
  }
}

export interface StepTimes {
  samplingMilliseconds: number;
  milliseconds: number;
}

export interface StepOutcome {
  groups: readonly StepGroup[];
  learnt: Learnt;
  /** Learning rate the schedule gives for the last optimizer step, taken or not. */
  learningRate: number;
  clip: { clipLow: number; clipHigh: number };
  hardRows: number | null;
  /** Whether prompts ask for examples. */
  exemplifies: boolean;
  times: StepTimes;
}

/** Tokens per second, null where nothing was measured. */
export function rate(tokens: number, milliseconds: number): number | null {
  return milliseconds > 0 ? (tokens * 1000) / milliseconds : null;
}

/** How many examples the completions give themselves, and how many of these repeat one another (ToolExpander §4 warns of it). */
export function exampleMetrics(texts: readonly string[]): Pick<StepMetrics, "examples" | "nearDuplicateExamples"> {
  const all = texts.map((text) => readExamples(text));
  const count = all.reduce((sum, examples) => sum + examples.count, 0);
  const repeated = all.reduce((sum, examples) => sum + examples.count * examples.nearDuplicates, 0);
  return { examples: share(count, texts.length), nearDuplicateExamples: share(repeated, count) };
}

/** What the step came to, but for its place in the course of the run (stability.ts). */
export function stepMetrics(outcome: StepOutcome): StepMetrics {
  const { groups, learnt, learningRate, clip, hardRows, exemplifies, times } = outcome;
  const rollouts = groups.flatMap((group) => group.rollouts);
  const rewards = rollouts.filter(({ failed }) => failed === undefined).map(({ reward }) => reward);
  const lengths = rollouts.map(({ completion }) => completion.tokens.length);
  const entropies = rollouts.flatMap(({ completion }) => [...completion.entropies]);
  const equal = groups.filter(({ rollouts: group }) => group.every(({ reward }) => reward === group[0]?.reward));
  const { updates } = learnt;
  const sampled = lengths.reduce((sum, length) => sum + length, 0);
  const updated = updates.reduce((sum, { metrics }) => sum + metrics.tokens, 0);
  const updateMilliseconds = updates.reduce((sum, { metrics }) => sum + metrics.milliseconds, 0);
  return {
    loss: mean(updates.map(({ metrics }) => metrics.loss)),
    gradNorm: mean(updates.map(({ metrics }) => metrics.gradNorm)),
    learningRate,
    optimizerSteps: updates.length,
    skippedOptimizerSteps: learnt.skipped,
    lossScale: learnt.scaling?.lossScale ?? null,
    overflowedOptimizerSteps: learnt.scaling?.overflowed ?? null,
    rewardMean: mean(rewards),
    rewardStd: standardDeviation(rewards),
    rewardParts: meanParts(rollouts.map(({ parts }) => parts)),
    accuracy: share(rollouts.filter(({ correct }) => correct).length, rollouts.length),
    zeroVarianceGroups: share(equal.length, groups.length),
    allWrongGroups: share(
      groups.filter((group) => !group.rollouts.some(({ correct }) => correct)).length,
      groups.length,
    ),
    allRightGroups: share(
      groups.filter((group) => group.rollouts.every(({ correct }) => correct)).length,
      groups.length,
    ),
    ...driftOf(updates, clip.clipLow, clip.clipHigh),
    ...gapOf(groups, updates),
    referenceKl: referenceKlOf(groups),
    entropy: mean(entropies),
    ...NO_VALUES,
    tokensMean: mean(lengths),
    tokensMax: lengths.reduce((most, length) => Math.max(most, length), 0),
    truncated: share(rollouts.filter(({ completion }) => completion.truncated).length, rollouts.length),
    hardRows,
    fewShotGroups: groups.filter(({ row }) => row.version === "few-shot").length,
    editedGroups: groups.filter(({ row }) => row.edit !== undefined).length,
    ...(exemplifies
      ? exampleMetrics(rollouts.map(({ text }) => text))
      : { examples: null, nearDuplicateExamples: null }),
    ...UNKNOWN_STABILITY,
    samplingTokensPerSecond: rate(sampled, times.samplingMilliseconds),
    updateTokensPerSecond: rate(updated, updateMilliseconds),
    milliseconds: times.milliseconds,
  };
}
