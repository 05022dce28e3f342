/** Random inputs of tests: the same for the same seed. */
import { uniform } from "../../philox.ts";

export class Random {
  readonly #seed: number;
  #drawn = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** In [low, high). */
  between(low: number, high: number): number {
    this.#drawn += 1;
    return low + (high - low) * uniform({ seed: this.#seed, step: 0, sample: 0 }, 0, this.#drawn);
  }

  /** One of low, …, high. */
  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  oneOf<T>(choices: readonly T[]): T {
    return choices[this.integer(0, choices.length - 1)] as T;
  }

  /** Standard normal numbers, as float32 so that both arithmetics read the same. */
  normals(length: number, deviation = 1, mean = 0): Float32Array {
    const normal = () => Math.sqrt(-2 * Math.log(1 - this.between(0, 1))) * Math.cos(2 * Math.PI * this.between(0, 1));
    return Float32Array.from({ length }, () => mean + deviation * normal());
  }
}
