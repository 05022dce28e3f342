import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { faultOf, folderWith } from "../../toolcalls/testing/files.ts";
import { planSweep } from "./plan.ts";

const FILES = { "policy/config.json": "{}", "a.tools.json": "[]", "train.jsonl": "" };
const MINIMAL = {
  name: "x",
  preset: "grpo",
  scale: "micro",
  model: "policy",
  tools: ["a.tools.json"],
  train: "train.jsonl",
};

function file(t: TestContext, changes: object): string {
  return join(
    folderWith(t, { ...FILES, "x.experiment.json": JSON.stringify({ ...MINIMAL, ...changes }, null, 2) }),
    "x.experiment.json",
  );
}

const fault = (t: TestContext, changes: object): string => {
  const path = file(t, changes);
  return faultOf(join(path, ".."), () => planSweep(path, {}));
};

test("every variant meets every cell of the grid, for every seed", (t) => {
  const sweep = {
    seeds: [3, 4],
    variants: [{ name: "GRPO" }, { name: "SET", preset: "set", settings: { steps: 7 } }],
    grid: { "objective.normalizeStd": [true, false], "rewards.set.bonus": [0.1] },
  };
  const plan = planSweep(file(t, { sweep, settings: { steps: 9 } }), {});
  assert.deepEqual(
    plan.variants.map(({ name }) => name),
    ["GRPO", "SET"].flatMap((one) => [true, false].map((std) => `${one}, normalizeStd ${std}, bonus 0.1`)),
  );
  const [first, , , last] = plan.variants;
  assert.deepEqual(
    first?.runs.map(({ seed, experiment }) => [seed, experiment.seed, experiment.name]),
    [
      [3, 3, "x-GRPO-normalizeStd-true-bonus-0.1-s3"],
      [4, 4, "x-GRPO-normalizeStd-true-bonus-0.1-s4"],
    ],
  );
  const settings = last?.runs[0]?.experiment.settings;
  assert.equal(first?.runs[0]?.experiment.settings.steps, 9, "the file's settings are under all variants");
  assert.equal(settings?.steps, 7);
  assert.equal(settings?.objective.normalizeStd, false);
  assert.equal(settings?.objective.clipHigh, 0.26, "the variant's preset");
  assert.equal(settings?.rewards.set.bonus, 0.1);
});

test("without variants the experiment's own preset is the only one, and names stay short", (t) => {
  const plan = planSweep(file(t, { name: "n".repeat(64), sweep: { seeds: [1234567890] } }), { steps: 2 });
  const [run] = plan.variants[0]?.runs ?? [];
  assert.equal(plan.variants[0]?.name, "grpo");
  assert.equal(run?.experiment.name.length, 64);
  assert.ok(run?.experiment.name.endsWith("-s1234567890"));
  assert.equal(run?.experiment.settings.steps, 2);
});

test("what a sweep cannot be is said with its place", (t) => {
  assert.match(fault(t, {}), /plans no sweep/);
  assert.match(fault(t, { sweep: { seeds: [] } }), /x\.experiment\.json:\d+:\d+ \(sweep\.seeds\)/);
  const grid = { "objective.normaliseStd": [true] };
  assert.match(
    fault(t, { sweep: { seeds: [1], grid } }),
    /sweep\.grid.*"objective.normaliseStd" is no setting: .*normalizeStd/,
  );
  assert.match(fault(t, { sweep: { seeds: [1], grid: { "objective.normalizeStd": [3] } } }), /is no setting: .*3/);
  const variants = [{ name: "one" }, { name: "one", preset: "set" }];
  assert.match(fault(t, { sweep: { seeds: [1], variants } }), /Two variants are called "one"/);
  const settings = { objective: { clipLow: 0 } };
  assert.match(fault(t, { sweep: { seeds: [1], variants: [{ name: "one", settings }] } }), /clipLow/);
});

test("the shipped sweeps can be planned", () => {
  const folder = join(import.meta.dirname, "../../../examples/sweeps");
  const plans = readdirSync(folder).map((name) => planSweep(join(folder, name), {}));
  assert.deepEqual(plans.map(({ name }) => name).sort(), [
    "bonus",
    "decay",
    "few-shots",
    "hard-rows",
    "methods",
    "probes",
    "spark",
  ]);
  for (const { seeds, variants } of plans) {
    assert.ok(seeds.length >= 5);
    assert.ok(variants.length >= 2);
  }
});
