/** What an update maximises or minimises, as plain data: it crosses the process border to the engine. */

/** Estimators of KL(pi ‖ pi_ref) from one sample, d = logp_ref − logp (Schulman, "Approximating KL divergence"). */
export type KlEstimator = "k1" | "k2" | "k3";

/** What the clipped surrogate and the terms beside it are made of (policyLoss.ts). */
export interface PolicyTerms {
  /** eps_low: the ratio is clipped at 1 − eps_low. */
  clipLow: number;
  /** eps_high: the ratio is clipped at 1 + eps_high; above clipLow it is "clip-higher". */
  clipHigh: number;
  /** Weight of the KL term against the reference policy; 0 removes it and its pass. */
  beta: number;
  kl: KlEstimator;
  /** c_H, weight of the entropy bonus. */
  entropy: number;
  /** C ≥ 1: truncated importance sampling between sampler and trainer (importance.ts); absent: none. */
  importanceCap?: number;
}

/** The clipped surrogate with advantages relative to a group (advantages.ts). */
export interface GrpoObjective extends PolicyTerms {
  kind: "grpo";
}

/** The same surrogate with advantages over a value function (gae.ts), which is learnt along with it (valueLoss.ts). */
export interface PpoObjective extends PolicyTerms {
  kind: "ppo";
  /** c_V ≥ 0, weight of the value's loss. */
  valueCoefficient: number;
  /** eps_v > 0: how far a value may move from what it was before the loss stops falling; absent: as far as it will. */
  valueClip?: number;
}

/** Cross-entropy of the completion tokens. */
export interface SupervisedObjective {
  kind: "supervised";
}

export type Objective = GrpoObjective | PpoObjective | SupervisedObjective;
