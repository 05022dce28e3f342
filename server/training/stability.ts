/**
 * How steady a run is, in numbers of its own: sliding mean and variance of the reward, the largest drop from the best, the
 * first step at the target, drift of entropy and length, and whether the run has collapsed.
 *
 * A run has collapsed while, for `patience` steps in a row, its sliding mean reward is no more than
 *
 *     best − drop · (best − floor),    floor = min(0, lowest sliding mean so far)
 *
 * that is, for a reward that is never negative: while `drop` of the best value is lost. (Ours; ToolExpander says of two of its
 * runs that they collapsed, Table 3, and not how that was told.)
 */
import { type Static, Type } from "@sinclair/typebox";
import type { Settings } from "../../schemas/experiment.ts";
import type { StepMetrics } from "../../schemas/protocol.ts";
import { mean, standardDeviation } from "./statistics.ts";

const numbers = Type.Array(Type.Number());
const orNull = Type.Union([Type.Number(), Type.Null()]);

/** What it remembers from step to step, as a checkpoint keeps it. */
export const StabilityState = Type.Object({
  rewards: numbers,
  entropies: numbers,
  lengths: numbers,
  /** Means over the first full window. */
  first: Type.Union([Type.Object({ entropy: Type.Number(), length: Type.Number() }), Type.Null()]),
  best: orNull,
  lowest: orNull,
  largestDrop: Type.Number(),
  stepsToTarget: orNull,
  /** Steps in a row below the bound of the collapse rule. */
  below: Type.Integer({ minimum: 0 }),
});

export type StabilityState = Static<typeof StabilityState>;

type Taken = Pick<StepMetrics, "rewardMean" | "entropy" | "tokensMean">;

/** All null until the window is full for the first time. */
export type StabilityMetrics = Pick<
  StepMetrics,
  "windowReward" | "windowVariance" | "largestDrop" | "stepsToTarget" | "entropyDrift" | "lengthDrift" | "collapsed"
>;

export const UNKNOWN_STABILITY: StabilityMetrics = {
  windowReward: null,
  windowVariance: null,
  largestDrop: null,
  stepsToTarget: null,
  entropyDrift: null,
  lengthDrift: null,
  collapsed: null,
};

export class Stability {
  readonly #settings: Settings["stability"];
  #state: StabilityState;

  constructor(settings: Settings["stability"], state?: StabilityState) {
    this.#settings = settings;
    this.#state = state ?? {
      rewards: [],
      entropies: [],
      lengths: [],
      first: null,
      best: null,
      lowest: null,
      largestDrop: 0,
      stepsToTarget: null,
      below: 0,
    };
  }

  get state(): StabilityState {
    return structuredClone(this.#state);
  }

  /** Best sliding mean so far. */
  get best(): number | null {
    return this.#state.best;
  }

  /** True in the one step in which the rule has held for long enough. */
  get hasJustCollapsed(): boolean {
    return this.#state.below === this.#settings.collapse.patience;
  }

  /** Takes a step in. A step of supervised training has no reward and tells nothing. */
  take(step: number, { rewardMean, entropy, tokensMean }: Taken): StabilityMetrics {
    if (rewardMean === null) return UNKNOWN_STABILITY;
    const { window, target, collapse } = this.#settings;
    const state = this.#state;
    for (const [values, value] of [
      [state.rewards, rewardMean],
      [state.entropies, entropy ?? 0],
      [state.lengths, tokensMean],
    ] as const) {
      values.push(value);
      if (values.length > window) values.shift();
    }
    if (state.rewards.length < window) return UNKNOWN_STABILITY;
    const windowReward = mean(state.rewards);
    const now = { entropy: mean(state.entropies), length: mean(state.lengths) };
    state.first ??= now;
    state.best = Math.max(state.best ?? windowReward, windowReward);
    state.lowest = Math.min(state.lowest ?? windowReward, windowReward);
    state.largestDrop = Math.max(state.largestDrop, state.best - windowReward);
    if (windowReward >= target) state.stepsToTarget ??= step;
    const floor = Math.min(0, state.lowest);
    const lost = state.best > floor && windowReward <= state.best - collapse.drop * (state.best - floor);
    state.below = lost ? state.below + 1 : 0;
    return {
      windowReward,
      windowVariance: standardDeviation(state.rewards) ** 2,
      largestDrop: state.largestDrop,
      stepsToTarget: state.stepsToTarget,
      entropyDrift: now.entropy - state.first.entropy,
      lengthDrift: now.length - state.first.length,
      collapsed: state.below >= collapse.patience ? 1 : 0,
    };
  }
}

/** Mean absolute change of the hard count from round to round; null for fewer than two rounds. */
export function hardOscillation(hardByRound: readonly number[]): number | null {
  if (hardByRound.length < 2) return null;
  return mean(hardByRound.slice(1).map((hard, index) => Math.abs(hard - (hardByRound[index] as number))));
}
