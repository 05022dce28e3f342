import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import { STORE_FILE } from "./database.ts";
import { ListReader } from "./listReader.ts";
import { hashOf } from "./rows.ts";
import { SampleReader } from "./sampleReader.ts";
import { makeOlder } from "./testing/older.ts";
import { stepAt } from "./testing/rollouts.ts";
import { RunWriter } from "./writer.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "sample-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Steps 1 to 3 of two groups; the first group of each is put with few-shots. */
function written(): void {
  using writer = RunWriter.open(dir);
  for (const step of [1, 2, 3]) {
    const made = stepAt(step);
    const rollouts = made.rollouts.map((row) => ({ ...row, sample: `sample-${row.group}` }));
    const draws = [0, 1].map((group) => ({
      group,
      sample: `sample-${group}`,
      version: group === 0 ? ("few-shot" as const) : ("raw" as const),
      promptHash: hashOf(rollouts[group * 3]?.prompt ?? ""),
      round: 1,
      attempt: group === 0 ? 0 : null,
      edit: null,
    }));
    writer.recordStep({ ...made, rollouts, draws, states: [{ sample: "sample-0", state: "hard" }] });
  }
  writer.recordStates(3, [{ sample: "sample-0", state: "edited" }]);
}

test("a sample's groups are the latest ones, each with how it was put", () => {
  written();
  using reader = new SampleReader(dir);
  const groups = reader.groups("sample-0", 2);
  assert.deepEqual(
    groups.map(({ step, group, marks }) => [step, group, marks.length]),
    [
      [2, 0, 3],
      [3, 0, 3],
    ],
  );
  assert.equal(reader.countGroups("sample-0"), 3);
  assert.deepEqual(reader.group({ step: 3, phase: "train", group: 0 }), groups[1]);
  assert.equal(reader.group({ step: 3, phase: "probe", group: 0 }), undefined);
  assert.deepEqual(reader.draw({ step: 3, phase: "train", group: 0 }), {
    version: "few-shot",
    round: 1,
    attempt: 0,
    edit: null,
  });
  assert.equal(reader.draw({ step: 3, phase: "evaluation", group: 0 }), undefined, "only training draws");
  assert.equal(reader.demonstrations("sample-0", { round: 1, attempt: null }), undefined);
});

test("an edit lies over a state and does not end it", () => {
  written();
  using reader = new SampleReader(dir);
  assert.deepEqual(reader.states("sample-0").at(-1)?.state, "edited");
  assert.deepEqual([...reader.currentStates()], [["sample-0", "hard"]]);
});

test("parts are found over slices and in one group, and names of parts are those of the latest rollouts", () => {
  written();
  using reader = new ListReader(dir);
  using samples = new SampleReader(dir);
  assert.deepEqual(samples.partNames(), ["format", "result"]);
  const solved = { name: "result", side: "atLeast", value: 1 } as const;
  const last = reader.lastRow();
  const whole = reader.withPart(solved, 1, last);
  const slices = [...reader.withPart(solved, 1, 7), ...reader.withPart(solved, 8, last)];
  assert.deepEqual(slices, whole);
  const expected = [1, 2, 3].flatMap((step) =>
    stepAt(step)
      .rollouts.filter(({ parts }) => parts.result === 1)
      .map(({ group, rollout }) => ({ step, phase: "train", group, rollouts: [rollout] })),
  );
  assert.deepEqual(whole, expected);
  const [first] = expected;
  assert.ok(first);
  const inGroup = reader.withPartIn({ ...first, phase: "train" }, solved);
  assert.deepEqual(
    inGroup,
    expected
      .filter(({ step, group }) => step === first.step && group === first.group)
      .flatMap(({ rollouts }) => rollouts),
  );
  assert.deepEqual(reader.withPart({ ...solved, name: '"; DROP TABLE rollouts' }, 1, last), []);
});

test("groups are found by how they were put", () => {
  written();
  using reader = new ListReader(dir);
  const steps = reader.drawn(["few-shot", "edited"]).map(({ step, group }) => [step, group]);
  assert.deepEqual(steps, [
    [1, 0],
    [2, 0],
    [3, 0],
  ]);
});

test("a store from before there were draws says nothing of them", () => {
  written();
  makeOlder(join(dir, STORE_FILE), 2);
  using reader = new SampleReader(dir);
  using lists = new ListReader(dir);
  assert.equal(reader.draw({ step: 1, phase: "train", group: 0 }), undefined);
  assert.deepEqual([reader.edits("sample-0"), reader.fewShots("sample-0"), lists.drawn(["raw"])], [[], [], []]);
  assert.equal(reader.groups("sample-0", 10).length, 3);
});
