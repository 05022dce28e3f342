/** The keys and values of a wave: one shared copy per prompt, and each sequence's own, position by position. */

import { paddingMask } from "../batching/microBatch.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import type { Feed } from "../runtime/session.ts";
import { cachesOf, type Kind, ownCache } from "./decoderGraphs.ts";

/** Positions that a sequence has room for before its cache first grows; it doubles then. */
export const FIRST_CAPACITY = 32;

export class KeyValueCaches {
  readonly #config: ModelConfig;
  /** [B, h, P, d] by name. */
  readonly #prompts: Map<string, Float32Array>;
  /** [capacity, B·G·h, d] by name, of which the first T positions are filled. */
  readonly #own = new Map<string, Float32Array>();
  readonly #P: number;
  #lengths: readonly number[];
  #B: number;
  #G: number;
  /** Position 0 is a blank that no token attends to: an operator's input may not be empty. */
  #T = 1;
  #capacity = FIRST_CAPACITY;

  constructor(
    config: ModelConfig,
    prompts: ReadonlyMap<string, Float32Array>,
    lengths: readonly number[],
    P: number,
    G: number,
  ) {
    this.#config = config;
    this.#prompts = new Map(prompts);
    this.#lengths = lengths;
    this.#P = P;
    this.#B = lengths.length;
    this.#G = G;
    for (const [layer, kind] of cachesOf(this.#config))
      this.#own.set(ownCache(layer, kind), new Float32Array(this.#capacity * this.#stride));
  }

  /** Sizes of the step graph's dimensions. */
  get sizes(): { B: number; G: number; P: number; T: number } {
    return { B: this.#B, G: this.#G, P: this.#P, T: this.#T };
  }

  /** The step graph's caches and masks. */
  feeds(): Map<string, Feed> {
    const feeds = new Map<string, Feed>(this.#prompts);
    for (const [name, cache] of this.#own) feeds.set(name, cache.subarray(0, this.#T * this.#stride));
    feeds.set("promptMask", paddingMask(this.#lengths, this.#P));
    const ownMask = new Float32Array(this.#T);
    ownMask[0] = -1e9;
    return feeds.set("ownMask", ownMask);
  }

  /** Writes the entries of the token just seen, each [B·G·h, d], behind the last position. */
  append(entry: (layer: number, kind: Kind) => Float32Array): void {
    if (this.#T === this.#capacity) this.#grow();
    for (const [layer, kind] of cachesOf(this.#config)) {
      (this.#own.get(ownCache(layer, kind)) as Float32Array).set(entry(layer, kind), this.#T * this.#stride);
    }
    this.#T += 1;
  }

  /** Keeps the groups, and of the i-th kept group the sequences columns[i]; all of one width. */
  keep(groups: readonly number[], columns: readonly (readonly number[])[]): void {
    const { keyValueHeads, headSize } = this.#config;
    const perPrompt = keyValueHeads * this.#P * headSize;
    for (const [name, cache] of this.#prompts) {
      const kept = new Float32Array(groups.length * perPrompt);
      for (const [b, from] of groups.entries())
        kept.set(cache.subarray(from * perPrompt, (from + 1) * perPrompt), b * perPrompt);
      this.#prompts.set(name, kept);
    }
    const perSequence = keyValueHeads * headSize;
    const sequences = groups.flatMap((b, i) => (columns[i] as readonly number[]).map((g) => b * this.#G + g));
    const [oldStride, stride] = [this.#stride, sequences.length * perSequence];
    for (const [name, cache] of this.#own) {
      const kept = new Float32Array(this.#capacity * stride);
      for (let t = 0; t < this.#T; t++) {
        for (const [row, from] of sequences.entries()) {
          const start = t * oldStride + from * perSequence;
          kept.set(cache.subarray(start, start + perSequence), t * stride + row * perSequence);
        }
      }
      this.#own.set(name, kept);
    }
    this.#lengths = groups.map((b) => this.#lengths[b] as number);
    this.#B = groups.length;
    this.#G = columns[0]?.length ?? 1;
  }

  #grow(): void {
    this.#capacity *= 2;
    for (const [name, cache] of this.#own) {
      const larger = new Float32Array(this.#capacity * this.#stride);
      larger.set(cache);
      this.#own.set(name, larger);
    }
  }

  /** Numbers per position. */
  get #stride(): number {
    return this.#B * this.#G * this.#config.keyValueHeads * this.#config.headSize;
  }
}
