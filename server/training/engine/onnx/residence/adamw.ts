/**
 * AdamW with decoupled weight decay (Loshchilov & Hutter, "Decoupled Weight Decay Regularization", algorithm 2), after
 * clipping the gradient's global L2 norm. On the host: one pass over memory, where a graph of operators would make eleven.
 *
 *     m ← β₁m + (1 − β₁)g;  v ← β₂v + (1 − β₂)g²
 *     θ ← θ − (η·λ·θ + η·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε))
 *
 * The two shares of a step are added before they are taken from θ: 1 − η·λ, as a float32, is 1 for small rates.
 */
import { type AdamWSettings, coefficients } from "./coefficients.ts";
import { type Moments, stepBy, sumOfSquares } from "./kernel/adamwKernel.ts";

/** η of each parameter. */
export type LearningRate = (parameter: string) => number;

/** What a checkpoint keeps of an optimizer. */
export interface OptimizerState {
  readonly moments: ReadonlyMap<string, Moments>;
  step: number;
}

export class AdamW implements OptimizerState {
  readonly settings: AdamWSettings;
  readonly moments: ReadonlyMap<string, Moments>;
  /** Steps taken: the t of the bias corrections. */
  step = 0;

  constructor(parameters: ReadonlyMap<string, Float32Array>, settings: AdamWSettings) {
    this.settings = settings;
    this.moments = new Map(
      [...parameters].map(([name, { length }]) => [name, { m: new Float32Array(length), v: new Float32Array(length) }]),
    );
  }

  /**
   * One step on all parameters that have a gradient, in place; gradients come multiplied with the loss scale. Returns the gradient's own
   * global norm before clipping; where that is not a finite number nothing is changed.
   */
  update(
    parameters: ReadonlyMap<string, Float32Array>,
    gradients: ReadonlyMap<string, Float32Array>,
    learningRate: LearningRate,
    lossScale = 1,
  ): number {
    const norm = globalNorm(gradients.values()) / lossScale;
    if (!Number.isFinite(norm)) return norm;
    this.step += 1;
    for (const [name, gradient] of gradients) {
      const own = coefficients(this.settings, this.step, learningRate(name), norm, lossScale);
      const moments = this.moments.get(name) as Moments;
      stepBy(parameters.get(name) as Float32Array, moments, gradient, this.settings, own);
    }
    return norm;
  }
}

/** √Σ g² over several arrays. */
export function globalNorm(arrays: Iterable<Float32Array>): number {
  let sum = 0;
  for (const array of arrays) sum += sumOfSquares(array);
  return Math.sqrt(sum);
}
