import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { mcNemar, type PairedCounts, pairedDifference } from "./pairedProportions.ts";

const of = (both: number, onlyFirst: number, onlySecond: number, neither: number): PairedCounts => ({
  both,
  onlyFirst,
  onlySecond,
  neither,
});

function interval(counts: PairedCounts): string[] {
  const found = pairedDifference(counts);
  assert.ok(found);
  return [found.difference, found.low, found.high].map((value) => value.toFixed(3));
}

test("the interval has its published values", () => {
  // Airway hyper-responsiveness before and after a transplantation: Fagerland, Lydersen and Laake 2014, Tables I and V.
  assert.deepEqual(interval(of(1, 7, 1, 12)), ["-0.286", "-0.507", "-0.026"]);
});

/** The same by whole numbers: twice the lower tail of the binomial. */
function exactly(fewer: number, rows: number): number {
  let [term, sum] = [1n, 1n];
  for (let k = 1; k <= fewer; k++) {
    term = (term * BigInt(rows - k + 1)) / BigInt(k);
    sum += term;
  }
  const digits = 10n ** 18n;
  return Number((2n * sum * digits) / 2n ** BigInt(rows)) / 1e18;
}

test("McNemar's exact test has its published value, and those of the binomial", () => {
  // The same data, Fagerland, Lydersen and Laake 2013 (BMC Medical Research Methodology 13:91), Table 2.
  assert.equal(mcNemar(7, 1).toFixed(4), "0.0703");
  assert.equal(mcNemar(0, 0), 1);
  assert.equal(mcNemar(3, 3), 1);
  assert.equal(mcNemar(0, 5), 2 / 32);
  assert.ok(Math.abs(mcNemar(480, 520) - exactly(480, 1000)) < 1e-12);
  assert.ok(mcNemar(0, 5000) < 1e-300);
});

const anyCounts = fc
  .tuple(fc.nat(60), fc.nat(60), fc.nat(60), fc.nat(60))
  .filter((counts) => counts.some((count) => count > 0))
  .map(([both, onlyFirst, onlySecond, neither]) => of(both, onlyFirst, onlySecond, neither));

test("the interval holds the difference, and turns around with the pair", () => {
  fc.assert(
    fc.property(anyCounts, (counts) => {
      const found = pairedDifference(counts);
      const turned = pairedDifference({ ...counts, onlyFirst: counts.onlySecond, onlySecond: counts.onlyFirst });
      assert.ok(found && turned);
      assert.ok(-1 <= found.low && found.low <= found.difference && found.difference <= found.high && found.high <= 1);
      assert.ok(Math.abs(found.low + turned.high) < 1e-12 && found.p === turned.p && found.p > 0 && found.p <= 1);
    }),
    { seed: 7, numRuns: 500 },
  );
});

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("in 95 of 100 repetitions the interval holds the truth", () => {
  // Shares of rows that both solve, the first alone, the second alone: alike policies, and one far ahead.
  for (const [both, onlyFirst, onlySecond] of [
    [0.5, 0.1, 0.1],
    [0.3, 0.05, 0.25],
    [0.85, 0.02, 0.08],
  ] as const) {
    const next = uniform(11);
    let held = 0;
    const repetitions = 4000;
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const counts = of(0, 0, 0, 0);
      for (let row = 0; row < 120; row++) {
        const at = next();
        if (at < both) counts.both++;
        else if (at < both + onlyFirst) counts.onlyFirst++;
        else if (at < both + onlyFirst + onlySecond) counts.onlySecond++;
        else counts.neither++;
      }
      const found = pairedDifference(counts);
      assert.ok(found);
      if (found.low <= onlySecond - onlyFirst && onlySecond - onlyFirst <= found.high) held++;
    }
    const share = held / repetitions;
    assert.ok(share > 0.94 && share < 0.97, `${both} ${onlyFirst} ${onlySecond}: ${share}`);
  }
});

test("without rows nothing is known", () => {
  assert.equal(pairedDifference(of(0, 0, 0, 0)), undefined);
});
