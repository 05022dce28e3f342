import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { RARITY_RULES } from "../../../schemas/spark.ts";
import { chooseCandidate, type ScoredCandidate, ToolCounts } from "./rarity.ts";
import { terminalReward, turnReward } from "./rewards.ts";

const countsOf = (counts: Record<string, number>, reasoning = 0): ToolCounts => {
  const found = new ToolCounts();
  for (const [tool, count] of Object.entries(counts)) for (let i = 0; i < count; i++) found.add(tool);
  for (let i = 0; i < reasoning; i++) found.add(null);
  return found;
};

const candidates: ScoredCandidate[] = [
  { tool: "often", score: 9 },
  { tool: "rare", score: 7 },
  { tool: "rarer but useless", score: 6 },
  { tool: "as rare", score: 8 },
  { tool: "as rare too", score: 8 },
  { tool: null, score: 6.5 },
];

test("least-used takes the viable action whose tool was used least; ties go by score, then by order", () => {
  const rule = { rule: "least-used", threshold: 6 } as const;
  const counts = countsOf({ often: 5, rare: 1, "as rare": 1, "as rare too": 1 }, 2);
  assert.deepEqual(chooseCandidate(candidates, rule, counts), { chosen: 3, by: "least-used", viable: [0, 1, 3, 4, 5] });
  assert.equal(chooseCandidate(candidates, rule, new ToolCounts()).chosen, 0);
  assert.equal(
    chooseCandidate(candidates, rule, countsOf({ often: 1, rare: 1, "as rare": 1, "as rare too": 1 })).chosen,
    5,
  );
});

test("lowest-viable takes the lowest score above the threshold", () => {
  const rule = { rule: "lowest-viable", threshold: 6 } as const;
  assert.deepEqual(chooseCandidate(candidates, rule, new ToolCounts()).chosen, 5);
  assert.deepEqual(chooseCandidate(candidates, { ...rule, threshold: 7 }, new ToolCounts()).chosen, 3);
});

test("where nothing is viable the best is taken, and it says so", () => {
  for (const rule of RARITY_RULES)
    assert.deepEqual(chooseCandidate(candidates.slice(2, 3), { rule, threshold: 6 }, new ToolCounts()), {
      chosen: 0,
      by: "best",
      viable: [],
    });
});

test("of the best that are equal the one whose tool was used least is taken, under both rules", () => {
  const hopeless = ["first", "second", "third"].map((tool) => ({ tool, score: 0 }));
  for (const rule of RARITY_RULES) {
    const counts = new ToolCounts();
    const taken = Array.from({ length: 6 }, () => {
      const { chosen } = chooseCandidate(hopeless, { rule, threshold: 6 }, counts);
      const { tool } = hopeless[chosen] as ScoredCandidate;
      counts.add(tool);
      return tool;
    });
    assert.deepEqual(taken, ["first", "second", "third", "first", "second", "third"]);
  }
});

const random = fc.array(
  fc.record({ tool: fc.constantFrom("a", "b", "c", null), score: fc.integer({ min: 0, max: 20 }).map((n) => n / 2) }),
  { minLength: 1, maxLength: 9 },
);

test("both rules keep what they promise, of any candidates and counts", () => {
  fc.assert(
    fc.property(
      random,
      fc.array(fc.constantFrom("a", "b", "c", null), { maxLength: 12 }),
      fc.constantFrom(...RARITY_RULES),
      fc.constantFrom(0, 3, 6, 9.5),
      (found, used, rule, threshold) => {
        const counts = new ToolCounts();
        for (const tool of used) counts.add(tool);
        const { chosen, by, viable } = chooseCandidate(found, { rule, threshold }, counts);
        const taken = found[chosen] as ScoredCandidate;
        assert.deepEqual(
          viable,
          [...found.keys()].filter((index) => (found[index]?.score ?? 0) > threshold),
        );
        const better = (others: ScoredCandidate[], worth: (one: ScoredCandidate) => number): void =>
          assert.ok(others.every((other) => worth(other) >= worth(taken)));
        const those = viable.map((index) => found[index] as ScoredCandidate);
        if (viable.length === 0) {
          assert.equal(by, "best");
          better(found, ({ score }) => -score);
          better(
            found.filter(({ score }) => score === taken.score),
            ({ tool }) => counts.of(tool),
          );
        } else {
          assert.equal(by, rule);
          assert.ok(viable.includes(chosen));
          better(those, rule === "least-used" ? ({ tool }) => counts.of(tool) : ({ score }) => score);
        }
        const shares = ["a", "b", "c", null].map((tool) => counts.share(tool));
        assert.ok(Math.abs(shares.reduce((a, b) => a + b, 0) - (used.length > 0 ? 1 : 0)) < 1e-12);
      },
    ),
    { seed: 41, numRuns: 1000 },
  );
});

test("a copy of the counts goes its own way", () => {
  const counts = countsOf({ a: 2 });
  const copy = counts.copy();
  copy.add("b");
  assert.deepEqual([counts.share("a"), copy.share("a"), counts.of("b")], [1, 2 / 3, 0]);
});

test("a turn's reward is the formula", () => {
  const weights = { quality: 1, diversity: 0.5, terminal: 2 };
  assert.deepEqual(turnReward({ score: 7, share: 0.25, by: "least-used" }, weights), {
    quality: 0.7,
    diversity: 0.375,
    terminal: 0,
  });
  assert.equal(turnReward({ score: 7, share: 0.25, by: "best" }, weights).diversity, 0);
  assert.deepEqual([terminalReward(true, weights), terminalReward(false, weights)], [2, -2]);
});
