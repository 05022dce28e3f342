import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import test from "node:test";
import { makeRun, sampleAt, stepOf } from "../../rollouts/testing/madeRun.ts";
import { hardCountsOf } from "./hardCounts.ts";

test("a sample is hard as often as none of a group's completions was correct, and its gold tool with it", () => {
  using run = makeRun({ rows: 12 });
  const expected = new Map<string, number>();
  for (let step = 1; step <= 6; step++) {
    const input = stepOf(step, 4, 2, 12);
    run.writer.recordStep(input);
    for (const [group, rollouts] of Map.groupBy(input.rollouts, (rollout) => rollout.group)) {
      if (rollouts.some(({ correct }) => correct)) continue;
      const id = rollouts[0]?.sample ?? `group ${group}`;
      expected.set(id, (expected.get(id) ?? 0) + 1);
    }
  }
  const { samples, tools } = hardCountsOf(run.folder);
  assert.ok(expected.size > 1 && expected.size < 12, "some are hard, and some are not");
  assert.deepEqual(samples, Object.fromEntries(expected));
  const ofTools: Record<string, number> = {};
  for (let index = 0; index < 12; index++) {
    const { id, answer } = sampleAt(index);
    const name = answer[0]?.name;
    const times = expected.get(id);
    if (name !== undefined && times !== undefined) ofTools[name] = (ofTools[name] ?? 0) + times;
  }
  assert.deepEqual(tools, ofTools);
});

test("where the samples are no longer what the run read, no tool is counted", () => {
  using run = makeRun({ rows: 12 });
  for (let step = 1; step <= 6; step++) run.writer.recordStep(stepOf(step, 4, 2, 12));
  appendFileSync(run.samples, "\n");
  const { samples, tools } = hardCountsOf(run.folder);
  assert.ok(Object.keys(samples).length > 0);
  assert.deepEqual(tools, {});
});

test("a folder without a store is refused", () => {
  assert.throws(() => hardCountsOf("no such run"), { name: "InputError" });
});
