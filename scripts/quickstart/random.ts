/** Seeded random numbers in 32-bit integer arithmetic: the same on every machine. */

/** FNV-1a of the UTF-16 code units, finished with the avalanche step of MurmurHash3 so that near strings part ways. */
export function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

export class Random {
  #state: number;

  /** Streams of different names are independent, so that adding a draw to one leaves the others as they were. */
  constructor(seed: number, ...stream: (string | number)[]) {
    this.#state = hash(`${seed}/${stream.join("/")}`);
  }

  /** Uniform in 0 … 2^32 − 1: a Weyl sequence through a 32-bit mixing function. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** Uniform in [0, 1). */
  fraction(): number {
    return this.next() / 4294967296;
  }

  /** Uniform among low … high, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("nothing to pick from");
    return items[this.integer(0, items.length - 1)] as T;
  }

  /** Picks an entry with probability weight / sum of weights. */
  weighted<T>(entries: readonly (readonly [T, number])[]): T {
    let left = this.fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of entries) {
      left -= weight;
      if (left < 0) return item;
    }
    const last = entries.at(-1);
    if (!last) throw new RangeError("nothing to pick from");
    return last[0];
  }

  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let index = result.length - 1; index > 0; index--) {
      const other = this.integer(0, index);
      [result[index], result[other]] = [result[other] as T, result[index] as T];
    }
    return result;
  }

  /** `count` different items (all of them where there are fewer), in random order. */
  sample<T>(items: readonly T[], count: number): T[] {
    return this.shuffled(items).slice(0, count);
  }
}
