import assert from "node:assert/strict";
import test from "node:test";
import type { RunCurve, Values } from "../client/curveData.ts";
import { cardsOf } from "./cards.ts";
import { chartsOf } from "./chartSpecs.ts";
import { categoriesOf } from "./episodeCharts.ts";

const accuracy = (value: number) => ({ rows: 40, correct: 40 * value, value, low: value / 2, high: (1 + value) / 2 });

/** A run of two evaluations, whose policy chose these tools in all episodes and in those of a category. */
function curveOf(tools: (string | null)[], all: number[], sums: number[], changes: Partial<RunCurve> = {}): RunCurve {
  const chosen = (shares: number[]) => ({ shares, entropyBits: shares.length, entropyBitsPerQuestion: 0.5 });
  const evaluation = (step: number) => ({
    step,
    moment: "between" as const,
    accuracy: accuracy(0.5),
    episodes: {
      chosen: chosen(all),
      unreadable: 0.25,
      categories: {
        sums: { accuracy: accuracy(0.25), chosen: chosen(sums) },
        dates: { accuracy: accuracy(1), chosen: chosen(all) },
      },
    },
  });
  return {
    state: "finished",
    plannedSteps: 4,
    evaluations: [evaluation(0), evaluation(4)],
    episodes: { heldOut: true, tools, otherTools: all.length - tools.length },
    probes: [],
    rounds: [],
    references: [],
    cursor: { revision: 1, step: 4 },
    lastStep: 4,
    series: new Map(),
    ...changes,
  };
}

const sparse = (value: number): Values => [value, null, null, null, value];

test("accuracy with its interval, shares and entropies, of all questions or of a category", () => {
  const curve = curveOf(["add", "ledger", null], [0.5, 0, 0.5], [0, 1, 0]);
  const told = (category: string | null) =>
    chartsOf([curve], category).map(({ title, lines }) => [
      title,
      ...lines.map((line) => [line.label, line.values(curve)] as const),
    ]);
  assert.deepEqual(told(null), [
    ["Accuracy of episodes", ["held-out", sparse(0.5)]],
    ["Choice of tools", ["add", sparse(0.5)], ["ledger", sparse(0)], ["plain reasoning", sparse(0.5)]],
    ["Entropy of the choice of tools", ["over all turns", sparse(3)], ["within a question", sparse(0.5)]],
    ["Turns without a choice", ["no choice", sparse(0.25)]],
  ]);
  const [right, choice] = told("sums");
  assert.deepEqual(right, ["Accuracy of episodes · sums", ["held-out", sparse(0.25)]]);
  assert.deepEqual(choice?.[2], ["ledger", sparse(1)]);
  const [line] = chartsOf([curve], "sums")[0]?.lines ?? [];
  assert.deepEqual(line?.interval?.(curve), { low: sparse(0.125), high: sparse(0.625) });
  assert.deepEqual(categoriesOf([curve]), ["dates", "sums"]);
});

test("runs with other tools have the lines of all, each where it has them; the shares have a card for each run", () => {
  const few = curveOf(["add", null], [0.75, 0.25], [1, 0]);
  const many = curveOf(["ledger", "add", null], [0.25, 0.25, 0.25, 0.25], [0, 0, 0, 1]);
  const charts = chartsOf([few, many], null);
  const shares = charts.find(({ stacked }) => stacked);
  assert.deepEqual(
    shares?.lines.map((line) => [line.label, line.values(few)[4] ?? null, line.values(many)[4] ?? null]),
    [
      ["add", 0.75, 0.25],
      ["ledger", null, 0.25],
      ["plain reasoning", 0.25, 0.25],
      ["1 other tools", null, 0.25],
    ],
  );
  const runs = [few, many].map((curve, place) => ({ folder: `/${place}`, title: `run ${place}`, curve }));
  assert.deepEqual(
    cardsOf(charts, runs).map(({ title, runs: drawn }) => [title, drawn.length]),
    [
      ["Accuracy of episodes", 2],
      ["Choice of tools: run 0", 1],
      ["Choice of tools: run 1", 1],
      ["Entropy of the choice of tools", 2],
      ["Turns without a choice", 2],
    ],
  );
});

test("a run without episodes has none of it, and its held-out accuracy where it always was", () => {
  const evaluations = [{ step: 0, moment: "before" as const, accuracy: accuracy(0.5), episodes: null }];
  const curve = curveOf([], [], [], { evaluations, episodes: null });
  assert.deepEqual(
    chartsOf([curve], "sums").map(({ id, lines }) => [id, lines.map(({ name }) => name)]),
    [["accuracy", ["heldOutAccuracy"]]],
  );
  assert.deepEqual(categoriesOf([curve]), []);
});
