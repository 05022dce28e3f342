import assert from "node:assert/strict";
import test from "node:test";
import type { RunCurve, Values } from "../client/curveData.ts";
import type { Chart } from "./chart.ts";
import { dataOf, drawnOf, toldAt } from "./plotted.ts";

const curveOf = (series: Record<string, Values>): RunCurve => ({
  state: "finished",
  plannedSteps: 4,
  evaluations: [],
  episodes: null,
  probes: [],
  rounds: [],
  references: [],
  cursor: { revision: 1, step: 4 },
  lastStep: 4,
  series: new Map(Object.entries(series)),
});

const line = (name: string) => ({
  name,
  label: name,
  values: ({ series }: RunCurve) => series.get(name) ?? [],
  sparse: true as const,
});

const chartOf = (changes: Partial<Chart>): Chart => ({
  id: "c",
  title: "c",
  about: "",
  kind: "share",
  lines: [],
  ...changes,
});

const run = (series: Record<string, Values>) => ({ folder: "/a", title: "a", curve: curveOf(series) });

test("shares are drawn on top of one another and told as they are; what a run lacks takes no room", () => {
  const chart = chartOf({ stacked: true, lines: ["a", "b", "c"].map(line) });
  const drawn = drawnOf(chart, [run({ a: [0.25, null, 0.5], c: [0.5, null, 0.25] })], 0.6);
  assert.deepEqual(
    drawn.map(({ heights }) => heights),
    [
      [0.25, null, 0.5],
      [0.25, null, 0.5],
      [0.75, null, 0.75],
    ],
  );
  assert.deepEqual(
    drawn.map((one) => toldAt(one, 1)?.value),
    [0.25, undefined, 0.5],
  );
  assert.deepEqual(dataOf(drawn, 2)[6], [0.75, null, 0.75]);
});

test("an interval belongs to the value that is told", () => {
  const interval = () => ({ low: [0.1, null, 0.4], high: [0.3, null, 0.6] });
  const [drawn] = drawnOf(chartOf({ lines: [{ ...line("a"), interval }] }), [run({ a: [0.2, null, 0.5] })], 0.6);
  assert.ok(drawn);
  assert.deepEqual(toldAt(drawn, 1), { value: 0.2, interval: [0.1, 0.3] });
  assert.deepEqual(toldAt(drawn, null), { value: 0.5, interval: [0.4, 0.6] });
});
