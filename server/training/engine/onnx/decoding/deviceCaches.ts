/** The keys and values of a wave on the device. keyValueCaches.ts has the host's. */

import { FORBIDDEN } from "../batching/microBatch.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import type { Resident } from "../runtime/resident.ts";
import type { Feed } from "../runtime/session.ts";
import { everything, type SessionPool } from "../runtime/sessionPool.ts";
import { upload, zeros } from "../runtime/transfer.ts";
import { cachesOf } from "./decoderGraphs.ts";
import { keepGraph, mergeGraph, pastBlock, recentBlock } from "./deviceDecoderGraphs.ts";

/** Positions of the recent block: each step copies as many, each merge the whole past. */
const RECENT = 32;

type Tensors = ReadonlyMap<string, Resident>;

export class DeviceCaches {
  readonly #pool: SessionPool;
  readonly #config: ModelConfig;
  /** The prompts' mask and caches, and the own blocks, by the names that the step's graph has for them. */
  readonly #tensors = new Map<string, Resident>();
  readonly #P: number;
  #B: number;
  #G: number;
  /** Positions of the past, the blank included. */
  #past = 1;
  /** Slots of the recent block that are filled. */
  #recent = 0;

  private constructor(pool: SessionPool, config: ModelConfig, B: number, G: number, P: number) {
    this.#pool = pool;
    this.#config = config;
    this.#B = B;
    this.#G = G;
    this.#P = P;
  }

  /** Takes over the prompts' caches, of B prompts of P positions, and their mask [B, P]. */
  static async create(
    pool: SessionPool,
    config: ModelConfig,
    prompts: Tensors,
    promptMask: Float32Array,
    { B, G, P }: { B: number; G: number; P: number },
  ): Promise<DeviceCaches> {
    const caches = new DeviceCaches(pool, config, B, G, P);
    caches.#adopt(prompts);
    caches.#adopt(new Map([["promptMask", await upload(pool, promptMask, [B, 1, 1, P])]]));
    await caches.#clear(pastBlock, 1);
    await caches.#clear(recentBlock, RECENT);
    return caches;
  }

  get sizes(): { B: number; G: number; P: number; T: number; R: number } {
    return { B: this.#B, G: this.#G, P: this.#P, T: this.#past, R: RECENT };
  }

  /** The step graph's caches and masks. */
  feeds(): Map<string, Feed> {
    return new Map<string, Feed>([
      ...this.#tensors,
      ["pastMask", Float32Array.from({ length: this.#past }, (_, position) => (position === 0 ? FORBIDDEN : 0))],
      ["recentMask", Float32Array.from({ length: RECENT }, (_, slot) => (slot > this.#recent ? FORBIDDEN : 0))],
      ["slot", Float32Array.from({ length: RECENT }, (_, slot) => Number(slot === this.#recent))],
    ]);
  }

  /** Takes over the recent blocks with the entries of the token just seen. */
  async append(recent: Tensors): Promise<void> {
    this.#adopt(recent);
    this.#recent += 1;
    if (this.#recent === RECENT) await this.#merge();
  }

  /** As KeyValueCaches.keep. */
  async keep(groups: readonly number[], columns: readonly (readonly number[])[]): Promise<void> {
    const rows = groups.flatMap((b, i) => (columns[i] as readonly number[]).map((g) => b * this.#G + g));
    const session = await this.#pool.get("keep", () => keepGraph(this.#config, this.#pool.target), everything);
    const feeds = new Map<string, Feed>([
      ...this.#tensors,
      ["groups", BigInt64Array.from(groups, BigInt)],
      ["rows", BigInt64Array.from(rows, BigInt)],
    ]);
    const sizes = { ...this.sizes, N: this.#B * this.#G, C: groups.length, K: rows.length };
    this.#adopt((await session.execute(feeds, sizes)).resident);
    this.#B = groups.length;
    this.#G = columns[0]?.length ?? 1;
  }

  dispose(): void {
    for (const tensor of new Set(this.#tensors.values())) tensor.dispose();
    this.#tensors.clear();
  }

  async #merge(): Promise<void> {
    const session = await this.#pool.get("merge", () => mergeGraph(this.#config, this.#pool.target), everything);
    const { resident } = await session.execute(this.#tensors, { S: this.#heads, T: this.#past, R: RECENT });
    this.#adopt(resident);
    this.#past += RECENT;
    await this.#clear(recentBlock, RECENT);
    this.#recent = 0;
  }

  /** Blocks of zeros, one for all layers: nobody writes to it. */
  async #clear(block: typeof pastBlock, positions: number): Promise<void> {
    const { headSize } = this.#config;
    const blanks = {
      k: await zeros(this.#pool, [this.#heads, headSize, positions]),
      v: await zeros(this.#pool, [this.#heads, positions, headSize]),
    };
    this.#adopt(new Map([...cachesOf(this.#config)].map(([layer, kind]) => [block(layer, kind), blanks[kind]])));
  }

  /** Puts tensors in the places of those before them, which are disposed of. */
  #adopt(tensors: Tensors): void {
    const replaced = new Set<Resident>();
    for (const [name, tensor] of tensors) {
      const old = this.#tensors.get(name);
      if (old !== undefined) replaced.add(old);
      this.#tensors.set(name, tensor);
    }
    // A block of zeros stands in many places.
    for (const tensor of this.#tensors.values()) replaced.delete(tensor);
    for (const tensor of replaced) tensor.dispose();
  }

  /** Rows of the own blocks. */
  get #heads(): number {
    return this.#B * this.#G * this.#config.keyValueHeads;
  }
}
