/**
 * AdamW with decoupled weight decay (Loshchilov & Hutter, "Decoupled Weight Decay Regularization", algorithm 2), after
 * clipping the gradient's global L2 norm. On the host: one pass over memory, where a graph of operators would make eleven.
 *
 *     m ← β₁m + (1 − β₁)g;  v ← β₂v + (1 − β₂)g²
 *     θ ← θ − η·λ·θ − η·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε)
 */
export interface AdamWSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  maxGradNorm: number;
}

/** What the formula has of numbers that are the same for all parameters of a step. */
export const coefficientNames = ["scale", "rate", "secondCorrection", "keep"] as const;
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
    keep: 1 - learningRate * weightDecay,
  };
}

/** η of each parameter. */
export type LearningRate = (parameter: string) => number;

/** First and second moments of a parameter. */
export interface Moments {
  m: Float32Array;
  v: Float32Array;
}

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
    const { beta1, beta2, epsilon } = this.settings;
    this.step += 1;
    for (const [name, gradient] of gradients) {
      const own = coefficients(this.settings, this.step, learningRate(name), norm, lossScale);
      const { scale, rate, secondCorrection, keep } = own;
      const theta = parameters.get(name) as Float32Array;
      const { m, v } = this.moments.get(name) as Moments;
      for (let i = 0; i < theta.length; i++) {
        const g = (gradient[i] as number) * scale;
        const first = beta1 * (m[i] as number) + (1 - beta1) * g;
        const second = beta2 * (v[i] as number) + (1 - beta2) * g * g;
        m[i] = first;
        v[i] = second;
        theta[i] = keep * (theta[i] as number) - (rate * first) / (Math.sqrt(second) * secondCorrection + epsilon);
      }
    }
    return norm;
  }
}

/** √Σ g² over several arrays. */
export function globalNorm(arrays: Iterable<Float32Array>): number {
  let sum = 0;
  for (const array of arrays) {
    // Four sums side by side: one would wait for each addition in turn.
    let [a, b, c, d] = [0, 0, 0, 0];
    const whole = array.length - (array.length % 4);
    for (let i = 0; i < whole; i += 4) {
      a += (array[i] as number) ** 2;
      b += (array[i + 1] as number) ** 2;
      c += (array[i + 2] as number) ** 2;
      d += (array[i + 3] as number) ** 2;
    }
    for (let i = whole; i < array.length; i++) a += (array[i] as number) ** 2;
    sum += a + b + c + d;
  }
  return Math.sqrt(sum);
}
