import assert from "node:assert/strict";
import test from "node:test";
import { philox, uniform } from "./philox.ts";

/** Known answers of Random123 (kat_vectors, philox4x32 with 10 rounds): counter, key, result. */
const answers: [counter: string, key: string, result: string][] = [
  ["00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
  ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"],
  ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"],
];

const words = (text: string) => text.split(" ").map((word) => Number.parseInt(word, 16));

for (const [counter, key, result] of answers) {
  test(`Random123's answer for the counter ${counter}`, () => {
    const found = philox(words(counter) as [number, number, number, number], words(key) as [number, number]);
    assert.deepEqual(found, words(result));
  });
}

const key = { seed: 7, step: 3, sample: 12 };

test("numbers in [0, 1) from the first two words, 53 bits of them", () => {
  const [high, low] = philox([5, 2, 12, 3], [7, 0]);
  const bits = (BigInt(high) << 21n) | (BigInt(low) >> 11n);
  assert.equal(uniform(key, 2, 5), Number(bits) / 2 ** 53);
  for (let token = 0; token < 1000; token++) {
    const u = uniform(key, 0, token);
    assert.ok(u >= 0 && u < 1);
  }
});

/** Σ (observed − expected)² / expected over equally likely bins. */
function chiSquare(values: number[], bins: number): number {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[Math.floor(value * bins)] = (counts[Math.floor(value * bins)] as number) + 1;
  const expected = values.length / bins;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

test("uniform along tokens, rollouts, samples, steps and seeds", () => {
  const length = 8000;
  const along: Record<string, (i: number) => number> = {
    token: (i) => uniform(key, 0, i),
    rollout: (i) => uniform(key, i, 0),
    sample: (i) => uniform({ ...key, sample: i }, 0, 0),
    step: (i) => uniform({ ...key, step: i }, 0, 0),
    seed: (i) => uniform({ ...key, seed: i }, 0, 0),
  };
  for (const [name, value] of Object.entries(along)) {
    const values = Array.from({ length }, (_, i) => value(i));
    // 63 degrees of freedom: 120 lies at about one in 100,000.
    assert.ok(chiSquare(values, 64) < 120, `${name}: ${chiSquare(values, 64)}`);
    // Neighbours do not go together: their correlation's deviation is 1/√n.
    const products = values.slice(1).map((v, i) => (v - 0.5) * ((values[i] as number) - 0.5) * 12);
    const correlation = products.reduce((sum, product) => sum + product, 0) / products.length;
    assert.ok(Math.abs(correlation) < 4.5 / Math.sqrt(length), `${name}: ${correlation}`);
  }
});

test("no two places of the stream share a number", () => {
  const seen = new Set<number>();
  let count = 0;
  for (const seed of [0, 1, 4294967295]) {
    for (const step of [0, 1]) {
      for (const sample of [0, 1]) {
        for (const rollout of [0, 1, 2]) {
          for (let token = 0; token < 20; token++) {
            seen.add(uniform({ seed, step, sample }, rollout, token));
            count += 1;
          }
        }
      }
    }
  }
  assert.equal(seen.size, count);
});
