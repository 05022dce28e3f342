/** What rows came to under a reward: means with intervals, over all rows and by category and tool. */

import { seedFor } from "./draw.ts";
import type { RowRollouts } from "./rows.ts";
import { accuracyOf } from "./statistics.ts";

export interface Estimate {
  rows: number;
  /** Mean reward. */
  mean: number;
  /** 95 % interval. */
  low: number;
  high: number;
  /** `wilson` where every reward is 0 or 1; else percentiles of means of resampled rows. */
  method: "wilson" | "bootstrap";
}

/** Rows of a group, and how many of them are entirely right. */
export interface GroupEstimate extends Estimate {
  correct: number;
}

export interface RewardTable {
  all: GroupEstimate;
  categories: Record<string, GroupEstimate>;
  /** Rows whose gold answer calls the tool; those that call none are under "(none)". */
  tools: Record<string, GroupEstimate>;
  /** Rows whose reward failed: they are in none of the means. */
  failed: number;
}

const RESAMPLES = 2000;

/**
 * Mean of rewards with its 95 % interval: Wilson's score interval for rewards of 0 and 1, else the percentile bootstrap (Efron 1979), the
 * same for the same seed. No rewards give 0 with an interval of no width.
 */
export function estimate(rewards: readonly number[], seed: number): Estimate {
  const rows = rewards.length;
  const mean = rows === 0 ? 0 : rewards.reduce((sum, reward) => sum + reward, 0) / rows;
  if (rewards.every((reward) => reward === 0 || reward === 1)) {
    const { low, high } = accuracyOf(rewards.filter((reward) => reward === 1).length, rows);
    return { rows, mean, low, high, method: "wilson" };
  }
  const next = uniforms(seedFor(seed, "bootstrap"));
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += rewards[Math.floor(next() * rows)] as number;
    return sum / rows;
  }).sort();
  const at = (share: number): number => means[Math.round(share * (RESAMPLES - 1))] as number;
  return { rows, mean, low: at(0.025), high: at(0.975), method: "bootstrap" };
}

/** Numbers in [0, 1) from a counter. */
function uniforms(seed: number): () => number {
  let counter = 0;
  return () => seedFor(seed + counter++, "") / 2 ** 32;
}

/** @param results one rollout for each row */
export function rewardTable(results: readonly RowRollouts[], seed: number): RewardTable {
  const judged = results.flatMap(({ row: { sample }, rollouts }) => {
    const rollout = rollouts[0];
    return rollout === undefined || rollout.failed ? [] : [{ sample, rollout }];
  });
  const of = (rows: typeof judged): GroupEstimate => ({
    ...estimate(
      rows.map(({ rollout }) => rollout.reward),
      seed,
    ),
    correct: rows.filter(({ rollout }) => rollout.correct).length,
  });
  const groups = (keysOf: (row: (typeof judged)[number]) => readonly string[]): Record<string, GroupEstimate> => {
    const rows = new Map<string, typeof judged>();
    for (const row of judged) for (const key of new Set(keysOf(row))) rows.set(key, [...(rows.get(key) ?? []), row]);
    const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([key, group]) => [key, of(group)]));
  };
  return {
    all: of(judged),
    categories: groups(({ sample }) => [sample.category ?? "other"]),
    tools: groups(({ sample }) => (sample.answer.length === 0 ? ["(none)"] : sample.answer.map(({ name }) => name))),
    failed: results.length - judged.length,
  };
}
