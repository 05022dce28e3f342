import assert from "node:assert/strict";
import test from "node:test";
import { MOST_CATEGORIES, MOST_TOOLS } from "../../../schemas/curvesView.ts";
import { episodeFacts, playedEpisodes } from "./episodes.ts";

const accuracy = (rows: number) => ({ rows, correct: 0, value: 0, low: 0, high: 0.5 });

/** Choices of tools by their turns. */
function choicesOf(turns: Readonly<Record<string, number>>, reasoning: number) {
  const counts: [string | null, number][] = [...Object.entries(turns), [null, reasoning]];
  const total = counts.reduce((sum, [, n]) => sum + n, 0);
  return {
    tools: counts.map(([tool, n]) => ({ tool, turns: n, share: n / total })),
    entropyBits: 1.5,
    entropyBitsPerQuestion: 0.5,
  };
}

const evaluation = (turns: Readonly<Record<string, number>>, reasoning = 10) => {
  const whole = choicesOf(turns, reasoning);
  const choices = { ...whole, episodes: 4, turns: 200, unreadable: 10, categories: { sums: choicesOf({ add: 3 }, 1) } };
  return { choices, categories: { sums: accuracy(8), "not played": accuracy(3) } };
};

const experiment = {
  preset: "spark",
  file: "/w/experiment.json",
  trajectories: "/w/t.jsonl",
  heldOut: "/w/h",
} as const;

test("tools come in the order of their catalog, plain reasoning last, also those that were never chosen", () => {
  const evaluations = [evaluation({ add: 30, look_up: 0 }), evaluation({ add: 10, look_up: 20, late: 10 })];
  const facts = episodeFacts(experiment, evaluations);
  assert.deepEqual(facts, { heldOut: true, tools: ["add", "look_up", "late", null], otherTools: 0 });
  const [first, second] = evaluations.map((one) => playedEpisodes(one, facts?.tools ?? []));
  assert.deepEqual(first?.chosen.shares, [0.75, 0, 0, 0.25]);
  assert.deepEqual(second?.chosen.shares, [0.2, 0.4, 0.2, 0.2]);
  assert.equal(first?.unreadable, 0.05);
  assert.deepEqual(Object.keys(first?.categories ?? {}), ["sums"]);
  assert.deepEqual(first?.categories.sums?.chosen.shares, [0.75, 0, 0, 0.25]);
});

test("of a large catalog the tools that were chosen least are summed up, and small categories left out", () => {
  const turns = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`tool ${index}`, index + 1]));
  const one = evaluation(turns, 1);
  const facts = episodeFacts(experiment, [one]);
  assert.equal(facts?.tools.length, MOST_TOOLS);
  assert.deepEqual([facts?.tools[0], facts?.tools.at(-1), facts?.otherTools], ["tool 77", null, 77]);
  const { chosen } = playedEpisodes(one, facts?.tools ?? []) ?? assert.fail();
  assert.equal(chosen.shares.length, MOST_TOOLS + 1);
  assert.ok(Math.abs(chosen.shares.reduce((sum, share) => sum + share) - 1) < 1e-12);
  const many = Array.from({ length: 100 }, (_, index) => `category ${index}`);
  const categories = Object.fromEntries(many.map((name, index) => [name, accuracy(index)]));
  const choices = { ...one.choices, categories: Object.fromEntries(many.map((name) => [name, choicesOf({}, 1)])) };
  const played = playedEpisodes({ choices, categories }, []);
  assert.equal(Object.keys(played?.categories ?? {}).length, MOST_CATEGORIES);
  assert.ok(played?.categories["category 99"] && !played.categories["category 0"]);
});

test("a run of episodes is known before it is evaluated, and another run is none", () => {
  assert.deepEqual(episodeFacts({ ...experiment, heldOut: undefined }, []), {
    heldOut: false,
    tools: [],
    otherTools: 0,
  });
  assert.equal(episodeFacts({ preset: "grpo", file: "/w", heldOut: "/w/h" }, []), null);
  assert.equal(playedEpisodes({ categories: { a: accuracy(1) } }, []), null);
});
