/**
 * Dynamic loss scaling (Micikevicius et al., "Mixed Precision Training", section 3.2). Gradients that float16 would lose below its smallest
 * number are moved into its range: the loss is multiplied with a scale S, and so by the chain rule every gradient,
 *
 *     g = (∂(S·L)/∂θ) / S
 *
 * and the division comes before anything else is done with g. S is as large as the gradients allow: where one is not finite the step is
 * left out, and
 *
 *     S ← S/2 after a step that was left out;   S ← 2S after 2,000 steps in a row that were not
 *
 * The numbers are those of PyTorch's GradScaler. S stays a power of two, with which multiplying and dividing are exact.
 */
export interface LossScale {
  /** S. */
  readonly scale: number;
  /** Steps in a row that were taken since it last changed. */
  readonly taken: number;
}

export const FIRST_SCALE: LossScale = { scale: 2 ** 16, taken: 0 };

/** Steps in a row after which the scale is doubled. */
export const GROWTH_INTERVAL = 2000;

/** A gradient that is not finite with this scale is no matter of scaling. */
export const LEAST_SCALE = 1;
/** Of gradients in float32, in which squares of larger ones would not be finite. */
const MOST_SCALE = 2 ** 32;

/** The scale after a step with it, by whether that step's gradient was finite. */
export function nextScale({ scale, taken }: LossScale, finite: boolean): LossScale {
  if (!finite) return { scale: Math.max(LEAST_SCALE, scale / 2), taken: 0 };
  if (taken + 1 < GROWTH_INTERVAL) return { scale, taken: taken + 1 };
  return { scale: Math.min(MOST_SCALE, scale * 2), taken: 0 };
}
