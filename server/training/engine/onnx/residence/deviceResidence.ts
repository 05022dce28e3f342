/** Everything on the device: of an optimizer step, the host sees the gradient's norm. */

import type { Sizes } from "../graph/dims.ts";
import type { InputArray, Inputs, Weights } from "../model/weights.ts";
import { gradientOf } from "../policyGraphs.ts";
import type { Resident } from "../runtime/resident.ts";
import type { Feed, GraphSession } from "../runtime/session.ts";
import { everything, type SessionPool } from "../runtime/sessionPool.ts";
import { download, sizesOf, upload, zeros } from "../runtime/transfer.ts";
import type { LearningRate, OptimizerState } from "./adamw.ts";
import { adamwGraph, additionGraph, squaresGraph } from "./adamwGraphs.ts";
import { type AdamWSettings, type Coefficients, coefficients } from "./coefficients.ts";
import type { Moments } from "./kernel/adamwKernel.ts";
import type { Residence } from "./residence.ts";

type Shapes = ReadonlyMap<string, readonly number[]>;

/** A trained parameter and its moments. */
interface Learnt {
  theta: Resident;
  m: Resident;
  v: Resident;
}

export class DeviceResidence implements Residence {
  readonly #pool: SessionPool;
  readonly #trained: Weights;
  /** Of all parameters. */
  readonly #shapes: Shapes;
  readonly #settings: AdamWSettings;
  readonly #learnt = new Map<string, Learnt>();
  /** What is never trained, by its host's arrays: sent when it is first fed. */
  readonly #frozen = new Map<InputArray, Resident>();
  readonly #gradient = new Map<string, Resident>();
  #steps = 0;

  private constructor(pool: SessionPool, trained: Weights, shapes: Shapes, settings: AdamWSettings) {
    this.#pool = pool;
    this.#trained = trained;
    this.#shapes = shapes;
    this.#settings = settings;
  }

  /** Takes what is trained to the device. `shapes` are those of every parameter that will be fed. */
  static async create(
    pool: SessionPool,
    trained: Weights,
    shapes: Shapes,
    settings: AdamWSettings,
  ): Promise<DeviceResidence> {
    const residence = new DeviceResidence(pool, trained, shapes, settings);
    try {
      for (const [name, values] of trained) {
        const shape = residence.#shape(name);
        const theta = await upload(pool, values, shape);
        residence.#learnt.set(name, { theta, m: await zeros(pool, shape), v: await zeros(pool, shape) });
      }
      return residence;
    } catch (error) {
      // Too little memory, most likely: whoever tries again needs all of it.
      await pool.dispose();
      throw error;
    }
  }

  get steps(): number {
    return this.#steps;
  }

  async feeds(weights: Inputs): Promise<Map<string, Feed>> {
    const fed = new Map<string, Feed>();
    for (const [name, values] of weights) {
      const learnt = this.#trained.get(name) === values ? this.#learnt.get(name) : undefined;
      if (learnt) fed.set(name, learnt.theta);
      // The scale of an adapter is a number that crosses with each run.
      else fed.set(name, this.#shapes.has(name) ? await this.#placed(name, values) : values);
    }
    return fed;
  }

  async differentiate(
    session: GraphSession,
    feeds: ReadonlyMap<string, Feed>,
    sizes: Sizes,
    first: boolean,
  ): Promise<Map<string, Float32Array>> {
    // What a cancelled update has left.
    if (first) this.#dropGradient();
    const { host, resident } = await session.execute(feeds, sizes);
    for (const name of this.#learnt.keys()) {
      const part = resident.get(gradientOf(name));
      if (part === undefined) continue;
      const sum = this.#gradient.get(name);
      this.#gradient.set(name, sum === undefined ? part : await this.#added(sum, part));
    }
    return host;
  }

  async step(learningRate: LearningRate, lossScale: number): Promise<number> {
    const norm = Math.sqrt(await this.#squares()) / lossScale;
    if (Number.isFinite(norm)) {
      this.#steps += 1;
      await this.#descend((name) => coefficients(this.#settings, this.#steps, learningRate(name), norm, lossScale));
    }
    this.#dropGradient();
    return norm;
  }

  async toHost(): Promise<OptimizerState> {
    const moments = new Map<string, Moments>();
    for (const [name, { theta, m, v }] of this.#learnt) {
      this.#trained.get(name)?.set(await download(this.#pool, theta));
      moments.set(name, { m: await download(this.#pool, m), v: await download(this.#pool, v) });
    }
    return { moments, step: this.#steps };
  }

  async fromHost({ moments, step }: OptimizerState): Promise<void> {
    this.#steps = step;
    for (const [name, values] of this.#trained) {
      const { m, v } = moments.get(name) as Moments;
      const place = (data: Float32Array) => upload(this.#pool, data, this.#shape(name));
      this.#replace(name, { theta: await place(values), m: await place(m), v: await place(v) });
    }
  }

  async #placed(name: string, values: InputArray): Promise<Resident> {
    const placed = this.#frozen.get(values) ?? (await upload(this.#pool, values, this.#shape(name)));
    this.#frozen.set(values, placed);
    return placed;
  }

  /** One parameter after the other, so that only one of them is there twice. */
  async #descend(scalars: (parameter: string) => Coefficients): Promise<void> {
    const { target } = this.#pool;
    for (const [name, gradient] of this.#gradient) {
      const learnt = this.#learnt.get(name) as Learnt;
      const fed = Object.entries(scalars(name)).map(([scalar, value]) => [scalar, Float32Array.of(value)] as const);
      const shape = this.#shape(name);
      const build = () => adamwGraph(target, shape.length, this.#settings);
      const session = await this.#pool.get(`adamw:${shape.length}`, build, everything);
      const feeds = new Map<string, Feed>([...Object.entries({ ...learnt, gradient }), ...fed]);
      const { resident } = await session.execute(feeds, sizesOf(shape));
      const of = (output: keyof Learnt) => resident.get(output) as Resident;
      this.#replace(name, { theta: of("theta"), m: of("m"), v: of("v") });
    }
  }

  /** Σ g² over all parameters: added up on the device, so that one number comes back. */
  async #squares(): Promise<number> {
    let sum = await zeros(this.#pool, [1]);
    for (const [name, gradient] of this.#gradient) {
      const shape = this.#shape(name);
      const build = () => squaresGraph(this.#pool.target, shape.length);
      const session = await this.#pool.get(`squares:${shape.length}`, build, everything);
      const feeds = new Map<string, Feed>(Object.entries({ x: gradient, sum }));
      const { resident } = await session.execute(feeds, sizesOf(shape));
      sum.dispose();
      sum = resident.get("sum") as Resident;
    }
    const [squares] = await download(this.#pool, sum);
    sum.dispose();
    return squares as number;
  }

  async #added(a: Resident, b: Resident): Promise<Resident> {
    const shape = a.tensor.dims;
    const build = () => additionGraph(this.#pool.target, shape.length);
    const session = await this.#pool.get(`addition:${shape.length}`, build, everything);
    const { resident } = await session.execute(new Map(Object.entries({ a, b })), sizesOf(shape));
    a.dispose();
    b.dispose();
    return resident.get("sum") as Resident;
  }

  #replace(name: string, next: Learnt): void {
    for (const old of Object.values(this.#learnt.get(name) as Learnt)) (old as Resident).dispose();
    this.#learnt.set(name, next);
  }

  #dropGradient(): void {
    for (const gradient of this.#gradient.values()) gradient.dispose();
    this.#gradient.clear();
  }

  #shape(name: string): readonly number[] {
    return this.#shapes.get(name) as readonly number[];
  }
}
