import assert from "node:assert/strict";
import test from "node:test";
import { allCharts, chartsOf } from "../charts/chartSpecs.ts";
import type { RunCurve, Values } from "../client/curveData.ts";
import { csvOf } from "./csv.ts";

const curveOf = (series: Record<string, Values>): RunCurve => ({
  state: "finished",
  plannedSteps: 2,
  evaluations: [
    {
      step: 0,
      moment: "before",
      accuracy: { rows: 4, correct: 1, value: 0.25, low: 0.1, high: 0.6 },
      episodes: null,
    },
  ],
  episodes: null,
  probes: [],
  rounds: [],
  references: [],
  cursor: { revision: 1, step: 2 },
  lastStep: 2,
  series: new Map(Object.entries(series)),
});

const share = (...shares: number[]) => ({ shares, entropyBits: 0.5, entropyBitsPerQuestion: 0.25 });

test("of episodes, intervals, each tool's share and all categories are columns", () => {
  const accuracy = { rows: 4, correct: 1, value: 0.25, low: 0.1, high: 0.6 };
  const part = { accuracy, chosen: share(1, 0, 0) };
  const evaluations = [0, 2].map((step) => ({
    step,
    moment: "between" as const,
    accuracy,
    episodes: { chosen: share(0.5, 0.25, 0.25), unreadable: 0, categories: { "a,b": part, c: part } },
  }));
  const episodes = { heldOut: true, tools: ["add", null], otherTools: 3 };
  const curve = { ...curveOf({}), evaluations, episodes };
  const [head, first, second, end] = csvOf([{ folder: "/a", title: "a", curve }], allCharts([curve])).split("\r\n");
  const columns = (name: string) => [
    ...[`episodeAccuracy${name}`, `episodeAccuracy${name}.low`, `episodeAccuracy${name}.high`],
    ...[`choice${name}.add`, `choice${name}(plain reasoning)`, `choice${name}(others)`],
    ...[`choiceEntropyBits${name}`, `choiceEntropyBitsPerQuestion${name}`],
  ];
  const quoted = columns("[a,b]").map((name) => `"${name}"`);
  assert.equal(head, ["run", "step", ...columns(""), "unreadableTurns", ...quoted, ...columns("[c]")].join(","));
  const values = (...shares: number[]) => [0.25, 0.1, 0.6, ...shares, 0.5, 0.25];
  const row = [...values(0.5, 0.25, 0.25), 0, ...values(1, 0, 0), ...values(1, 0, 0)].join(",");
  assert.deepEqual([first, second, end], [`a,0,${row}`, `a,2,${row}`, ""]);
});

test("a row for each step that has a value, columns of what any run has, names quoted where they must be", () => {
  const a = curveOf({ loss: [null, 0.5, 1e-7], "rewardParts.a": [null, 1, null] });
  const b = curveOf({ loss: [null, null, 2] });
  const charts = chartsOf([a, b], null);
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
