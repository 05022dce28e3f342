import assert from "node:assert/strict";
import test from "node:test";
import { chartsOf } from "../charts/chartSpecs.ts";
import type { RunCurve, Values } from "../client/curveData.ts";
import { csvOf } from "./csv.ts";

const curveOf = (series: Record<string, Values>): RunCurve => ({
  state: "finished",
  plannedSteps: 2,
  evaluations: [{ step: 0, moment: "before", accuracy: { rows: 4, correct: 1, value: 0.25, low: 0.1, high: 0.6 } }],
  probes: [],
  rounds: [],
  references: [],
  cursor: { revision: 1, step: 2 },
  lastStep: 2,
  series: new Map(Object.entries(series)),
});

test("a row for each step that has a value, columns of what any run has, names quoted where they must be", () => {
  const a = curveOf({ loss: [null, 0.5, 1e-7], "rewardParts.a": [null, 1, null] });
  const b = curveOf({ loss: [null, null, 2] });
  const charts = chartsOf([a, b]);
  assert.deepEqual(
    charts.map(({ id }) => id),
    ["accuracy", "rewardParts", "loss"],
  );
  const runs = [
    { folder: "/a", title: 'a, "first"', curve: a },
    { folder: "/b", title: "b", curve: b },
  ];
  assert.equal(
    csvOf(runs, charts),
    [
      "run,step,heldOutAccuracy,rewardParts.a,loss",
      '"a, ""first""",0,0.25,,',
      '"a, ""first""",1,,1,0.5',
      '"a, ""first""",2,,,1e-7',
      "b,0,0.25,,",
      "b,2,,,2",
      "",
    ].join("\r\n"),
  );
});
