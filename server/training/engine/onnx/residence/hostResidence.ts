/** Everything in the host's arrays, which the CPU's graphs read and write in place. */

import type { Sizes } from "../graph/dims.ts";
import type { Inputs, Weights } from "../model/weights.ts";
import { gradientOf } from "../policyGraphs.ts";
import type { Feed, GraphSession } from "../runtime/session.ts";
import { AdamW, type LearningRate, type OptimizerState } from "./adamw.ts";
import type { AdamWSettings } from "./coefficients.ts";
import { addTo } from "./kernel/adamwKernel.ts";
import type { Residence } from "./residence.ts";

export class HostResidence implements Residence {
  readonly #trained: Weights;
  readonly #optimizer: AdamW;
  /** Gradient of the mini-batch, and of one micro-batch where there are several. */
  readonly #gradient: Weights;
  #partial: Weights | undefined;
  /** Of the mini-batch's graph: an objective need not read all that is trained. */
  #differentiated: readonly string[] = [];

  constructor(trained: Weights, settings: AdamWSettings) {
    this.#trained = trained;
    this.#gradient = emptyLike(trained);
    this.#optimizer = new AdamW(trained, settings);
  }

  get steps(): number {
    return this.#optimizer.step;
  }

  async feeds(weights: Inputs): Promise<Inputs> {
    return weights;
  }

  async differentiate(
    session: GraphSession,
    feeds: ReadonlyMap<string, Feed>,
    sizes: Sizes,
    first: boolean,
  ): Promise<Map<string, Float32Array>> {
    const target = first ? this.#gradient : this.#partialGradient();
    const outputs = await session.run(feeds, sizes, named(target));
    if (first) this.#differentiated = [...this.#trained.keys()].filter((name) => outputs.has(gradientOf(name)));
    else accumulate(this.#found(), target);
    return outputs;
  }

  async step(learningRate: LearningRate, lossScale: number): Promise<number> {
    return this.#optimizer.update(this.#trained, this.#found(), learningRate, lossScale);
  }

  async toHost(): Promise<OptimizerState> {
    return this.#optimizer;
  }

  async fromHost(): Promise<void> {}

  #found(): Weights {
    return new Map(this.#differentiated.map((name) => [name, this.#gradient.get(name) as Float32Array]));
  }

  #partialGradient(): Weights {
    this.#partial ??= emptyLike(this.#trained);
    return this.#partial;
  }
}

function emptyLike(weights: Weights): Weights {
  return new Map([...weights].map(([name, { length }]) => [name, new Float32Array(length)]));
}

function named(gradient: Weights): Map<string, Float32Array> {
  return new Map([...gradient].map(([name, values]) => [gradientOf(name), values]));
}

function accumulate(sum: Weights, part: Weights): void {
  for (const [name, total] of sum) addTo(total, part.get(name) as Float32Array);
}
