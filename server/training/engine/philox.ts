/**
 * Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3"): random numbers as a function of a counter
 * and a key. A rollout's stream needs no state, so it does not depend on what else was drawn, or when.
 */

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;
const ROUNDS = 10;

/** High 32 bits of a 32 × 32 bit product. */
function highProduct(a: number, b: number): number {
  const [aHigh, aLow, bHigh, bLow] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const cross = aHigh * bLow + Math.floor((aLow * bLow) / 0x10000);
  const middle = aLow * bHigh + (cross % 0x10000);
  return (aHigh * bHigh + Math.floor(cross / 0x10000) + Math.floor(middle / 0x10000)) >>> 0;
}

/** Four random 32-bit words for a counter of four words and a key of two. */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter.map((word) => word >>> 0) as [number, number, number, number];
  let [k0, k1] = key.map((word) => word >>> 0) as [number, number];
  for (let round = 0; round < ROUNDS; round++) {
    const [high0, low0] = [highProduct(M0, c0), Math.imul(M0, c0) >>> 0];
    const [high1, low1] = [highProduct(M1, c2), Math.imul(M1, c2) >>> 0];
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** What a run draws random numbers for. Each has a key of its own, so that no two can meet whatever their counters are. */
export const STREAMS = { rollouts: 0, adapter: 1, dropoutRows: 2, dropoutColumns: 3 } as const;

/** A number in [0, 1) with 53 random bits, for token `token` of a rollout. */
export function uniform(key: { seed: number; step: number; sample: number }, rollout: number, token: number): number {
  return fraction(philox([token, rollout, key.sample, key.step], [key.seed, STREAMS.rollouts]));
}

/** The first 53 bits of a draw as a number in [0, 1). */
export function fraction([high, low]: readonly [number, number, ...number[]]): number {
  return (high * 0x200000 + (low >>> 11)) / 2 ** 53;
}
