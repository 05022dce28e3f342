import assert from "node:assert/strict";
import test from "node:test";
import type { CurvePart } from "../../../schemas/curvesView.ts";
import { withPart } from "./curveData.ts";

const part = (changes: Partial<CurvePart>): CurvePart => ({
  state: "running",
  lastStep: 3,
  plannedSteps: 10,
  cursor: { revision: 4, step: 3 },
  more: false,
  from: 0,
  steps: [1, 2, 3],
  series: { loss: [0.5, null, 0.3] },
  evaluations: [],
  episodes: null,
  probes: [],
  rounds: [],
  references: [],
  ...changes,
});

test("values stand at the index of their step, and later answers go on", () => {
  const first = withPart(undefined, part({}));
  assert.deepEqual(first.series.get("loss"), [null, 0.5, null, 0.3]);
  const cursor = { revision: 6, step: 5 };
  const next = withPart(first, part({ from: 4, steps: [4, 5], series: { loss: [0.2, 0.1], kl: [null, 1] }, cursor }));
  assert.deepEqual(next.series.get("loss"), [null, 0.5, null, 0.3, 0.2, 0.1]);
  assert.deepEqual(next.series.get("kl"), [null, null, null, null, null, 1]);
  assert.equal(next.lastStep, 5);
});

test("steps that were replayed replace what was known of them", () => {
  const first = withPart(undefined, part({}));
  const next = withPart(
    first,
    part({ from: 2, steps: [2], series: { loss: [0.9] }, cursor: { revision: 9, step: 2 } }),
  );
  assert.deepEqual([next.series.get("loss"), next.lastStep], [[null, 0.5, 0.9], 2]);
  const another = withPart(next, part({ from: 0, steps: [], series: {}, cursor: { revision: 0, step: 0 } }));
  assert.deepEqual([another.series.size, another.lastStep], [0, 0], "another store lies where it was");
});

test("an answer without news is the same curve, so that nothing is drawn", () => {
  const first = withPart(undefined, part({}));
  const nothing = part({ from: 4, steps: [], series: {} });
  assert.equal(withPart(first, nothing), first);
  const finished = withPart(first, { ...nothing, state: "finished" });
  assert.notEqual(finished, first);
  assert.equal(finished.series, first.series);
});
