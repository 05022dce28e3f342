/** The numbers of AdamW's formula (adamw.ts) that are the same for all parameters of a step, and what they come from. */

export interface AdamWSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  maxGradNorm: number;
}

/** What the formula has of numbers that are the same for all parameters of a step. */
export const coefficientNames = ["scale", "rate", "secondCorrection", "decay"] as const;
export type Coefficients = Record<(typeof coefficientNames)[number], number>;

/** Those of step t ≥ 1, whose gradient has that norm before clipping and comes multiplied with a loss scale. */
export function coefficients(
  settings: AdamWSettings,
  t: number,
  learningRate: number,
  norm: number,
  lossScale = 1,
): Coefficients {
  const { beta1, beta2, weightDecay, maxGradNorm } = settings;
  return {
    scale: (norm > maxGradNorm ? maxGradNorm / norm : 1) / lossScale,
    rate: learningRate / (1 - beta1 ** t),
    secondCorrection: 1 / Math.sqrt(1 - beta2 ** t),
    decay: learningRate * weightDecay,
  };
}
