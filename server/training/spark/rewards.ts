/**
 * What a turn is paid. SPaRK names the parts, correctness and diversity, and no formula; this one is ours:
 *
 *     r_t = w_q · score_t / 10 + w_d · (1 − n(tool_t) / n) + [t is the last turn] · (± w_t)
 *
 * with n(tool) and n counted over the actions of the data set before this one. A turn in which nothing was viable earns nothing for
 * diversity: its action was not chosen for being rare.
 */
import type { SparkSettings } from "../../../schemas/spark.ts";
import type { TrajectoryTurn } from "../../../schemas/trajectories.ts";
import { HIGHEST_SCORE } from "./judges/judge.ts";
import type { Choice } from "./rarity.ts";

export interface TurnReward {
  quality: number;
  diversity: number;
  /** 0 on every turn but the last. */
  terminal: number;
}

/** @param share of the action's tool among the data set's actions before it, 0 … 1 */
export function turnReward(
  { score, share, by }: { score: number; share: number; by: Choice["by"] },
  { quality, diversity }: SparkSettings["weights"],
): TurnReward {
  return {
    quality: (quality * score) / HIGHEST_SCORE,
    diversity: by === "best" ? 0 : diversity * (1 - share),
    terminal: 0,
  };
}

/**
 * What a stored turn is paid with other weights than those that it was stored with; the share is in what diversity was paid.
 *
 * @param correct how its episode ended, of the last turn alone
 */
export function repaid(
  { candidates, chosen, by, reward }: Pick<TrajectoryTurn, "candidates" | "chosen" | "by" | "reward">,
  correct: boolean | undefined,
  stored: SparkSettings["weights"],
  weights: SparkSettings["weights"],
): TurnReward {
  const parts = ["quality", "diversity", "terminal"] as const;
  if (parts.every((part) => stored[part] === weights[part])) return reward;
  const share = stored.diversity === 0 ? 1 : 1 - reward.diversity / stored.diversity;
  const score = candidates[chosen]?.score ?? 0;
  const terminal = correct === undefined ? 0 : terminalReward(correct, weights);
  return { ...turnReward({ score, share, by }, weights), terminal };
}

export const terminalReward = (correct: boolean, { terminal }: SparkSettings["weights"]): number =>
  correct ? terminal : -terminal;
