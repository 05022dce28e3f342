import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import { openForReading, openForWriting, STORE_FILE } from "./database.ts";
import { GroupReader } from "./groupReader.ts";
import type { RolloutRecord } from "./rows.ts";
import { migrations } from "./tables.ts";
import { makeOlder } from "./testing/older.ts";
import { rolloutAt, stepAt } from "./testing/rollouts.ts";
import { RunWriter } from "./writer.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "groups-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const calling = (...names: string[]) =>
  names.map((name) => `<tool_call>${JSON.stringify({ name, arguments: {} })}</tool_call>`).join("");

const rollout = (rollout: number, changes: Partial<RolloutRecord>): RolloutRecord => ({
  ...rolloutAt(1, 0, rollout),
  sample: "s",
  prompt: "p",
  correct: false,
  formatOk: true,
  truncated: false,
  ...changes,
});

test("a group is counted from its rollouts, in their order", () => {
  using writer = RunWriter.open(dir);
  const rollouts = [
    rollout(0, { correct: true, reward: 1, advantage: 1.5, completion: calling("b", "a") }),
    rollout(1, { reward: 0, advantage: -0.5, completion: calling("a", "c") }),
    rollout(2, { formatOk: false, reward: 0, advantage: -0.5, completion: "<tool_call>" }),
    rollout(3, { formatOk: false, truncated: true, reward: 0, advantage: -0.5, completion: "" }),
  ];
  writer.recordStep({ step: 1, metrics: {}, timings: {}, rollouts: rollouts.toReversed() });
  using reader = new GroupReader(dir);
  const [group] = reader.since(0);
  assert.deepEqual(
    { ...group, promptHash: undefined },
    {
      step: 1,
      phase: "train",
      group: 0,
      revision: 1,
      sample: "s",
      promptHash: undefined,
      marks: "cwmt",
      reward: 0.25,
      advantage: [-0.5, 1.5],
      tools: ["b", "a", "c"],
    },
  );
});

test("only names that a catalog can hold are counted as tools, and text after a zero character too", () => {
  using writer = RunWriter.open(dir);
  const names = [`x${"y".repeat(1_000_000)}`, "a b", "<script>", "\u001b[2J"];
  const completion = `\0${calling(...names, "fine")}`;
  writer.recordStep({ step: 1, metrics: {}, timings: {}, rollouts: [rollout(0, { completion })] });
  using reader = new GroupReader(dir);
  assert.deepEqual(reader.since(0)[0]?.tools, ["fine"]);
});

test("a group that is written again has a new revision, the last one written included", () => {
  using writer = RunWriter.open(dir);
  writer.recordStep(stepAt(1));
  writer.recordStep(stepAt(2));
  using reader = new GroupReader(dir);
  const last = reader.since(0).at(-1)?.revision as number;
  const before = reader.dataVersion();
  writer.recordStep(stepAt(2, 1));
  assert.notEqual(reader.dataVersion(), before);
  assert.deepEqual(
    reader.since(last).map(({ step, group }) => [step, group]),
    [[2, 0]],
  );
  assert.equal(reader.revisionsOfStep(2).size, 1, "the group that the replay does not have is gone");
});

test("pieces of an evaluation count the groups they belong to", () => {
  using writer = RunWriter.open(dir);
  writer.recordRollouts("probe", 0, [rollout(0, {}), rollout(1, {})]);
  writer.recordRollouts("probe", 0, [rollout(2, { correct: true })]);
  using reader = new GroupReader(dir);
  assert.deepEqual(
    reader.since(0).map(({ marks }) => marks),
    ["wwc"],
  );
});

test("a store from before there were groups gets them when it is opened for writing", () => {
  {
    using writer = RunWriter.open(dir);
    for (const step of [1, 2]) writer.recordStep(stepAt(step));
    writer.recordRollouts("evaluation", 2, [rolloutAt(2, 0, 0)]);
  }
  const file = join(dir, STORE_FILE);
  const read = () => {
    using reader = new GroupReader(dir);
    return reader.since(0);
  };
  const made = read();
  makeOlder(file, 1);
  assert.throws(() => openForReading(file), /older version/);
  openForWriting(file).close();
  const byPlace = (groups: typeof made) =>
    groups.map(({ revision, ...group }) => JSON.stringify(group)).sort((a, b) => (a < b ? -1 : 1));
  assert.deepEqual(byPlace(read()), byPlace(made));
  assert.ok(migrations.length >= 2);
});
