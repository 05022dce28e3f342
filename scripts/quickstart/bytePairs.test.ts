import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { learnMerges } from "./bytePairs.ts";

test("the most frequent pair merges first, then what it made merges on", () => {
  // By hand: "es" 9, then "est" 9, then among the pairs of count 9 no longer any; "lo" 7, "low" 7.
  const pieces = new Map([
    ["low", 5],
    ["lower", 2],
    ["newest", 6],
    ["widest", 3],
  ]);
  const { merges } = learnMerges(pieces, [..."deilnorstw"], 14);
  assert.deepEqual(merges, [
    ["e", "s"],
    ["es", "t"],
    ["l", "o"],
    ["lo", "w"],
  ]);
});

test("equal counts are settled by code-unit order", () => {
  const { merges } = learnMerges(
    new Map([
      ["zy", 3],
      ["ab", 3],
      ["aa", 3],
    ]),
    [..."abyz"],
    7,
  );
  assert.deepEqual(merges, [
    ["a", "a"],
    ["a", "b"],
    ["z", "y"],
  ]);
});

test("a run of one letter pairs from the left", () => {
  assert.deepEqual(learnMerges(new Map([["aaaaa", 2]]), ["a"], 4).merges, [
    ["a", "a"],
    ["aa", "a"],
    ["aa", "aaa"],
  ]);
});

test("learning stops when nothing occurs twice", () => {
  assert.deepEqual(learnMerges(new Map([["ab", 1]]), ["a", "b"], 10).merges, []);
});

/** The same definition, recounting everything after each merge. */
function slowMerges(pieces: ReadonlyMap<string, number>): [string, string][] {
  let words = Array.from(pieces, ([piece, times]) => ({ symbols: [...piece], times }));
  const result: [string, string][] = [];
  for (;;) {
    const pairs = new Map<string, number>();
    for (const { symbols, times } of words) {
      for (let index = 1; index < symbols.length; index++) {
        const key = `${symbols[index - 1]} ${symbols[index]}`;
        pairs.set(key, (pairs.get(key) ?? 0) + times);
      }
    }
    const [best] = [...pairs].filter(([, times]) => times >= 2).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    if (!best) return result;
    const [left, right] = best[0].split(" ") as [string, string];
    result.push([left, right]);
    words = words.map(({ symbols, times }) => {
      const joined: string[] = [];
      for (let index = 0; index < symbols.length; index++) {
        const pair = symbols[index] === left && symbols[index + 1] === right;
        joined.push(pair ? left + right : (symbols[index] as string));
        if (pair) index++;
      }
      return { symbols: joined, times };
    });
  }
}

test("counting as it goes gives what recounting gives", () => {
  const piece = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(piece, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 12 }),
      (entries) => {
        const pieces = new Map(entries);
        const { merges } = learnMerges(pieces, ["a", "b", "c"], 100);
        assert.deepEqual(merges, slowMerges(pieces));
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});
