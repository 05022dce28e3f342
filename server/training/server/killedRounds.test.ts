import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import test, { type TestContext } from "node:test";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { RunReader } from "../../store/reader.ts";
import type { RunClient } from "../client/connect.ts";
import { loadDataset } from "../dataset.ts";
import { assertSameRun } from "../testing/compareRuns.ts";
import { excludeEdit, fewShotEdit, writeEdit } from "../testing/edits.ts";
import { fakeExperiment, ServedRun, until } from "../testing/harness.ts";

/** Four rounds of two steps in the world where few-shots help, with edits of the researcher's. */
function rounds(t: TestContext): ResolvedExperiment {
  return fakeExperiment(t, {
    world: "hinted",
    model: { delay_ms: 1 },
    settings: {
      steps: 8,
      lengths: { prompt: 64 },
      probe: { rollouts: 3, mode: "fast-between" },
      curriculum: { mode: "add", fewShots: "verified", replacements: true },
      checkpoints: { every: 3, keep: 2 },
    },
  });
}

async function edited(experiment: ResolvedExperiment): Promise<void> {
  const { train } = await loadDataset(experiment);
  const [first, second] = train;
  assert.ok(first && second);
  const shown = [{ query: "Show q4", thought: "The other one.", calls: [{ name: "tool0", arguments: { v: 1 } }] }];
  writeEdit(experiment.replacements, fewShotEdit(first.sample, shown));
  writeEdit(experiment.replacements, excludeEdit(second.sample));
}

/** Where the server is killed: the moment is told by what it says. */
type Place = (run: { activity: string; step: number; heard: string[] }) => boolean;

const PLACES: [string, Place][] = [
  ["in the probe before training", ({ heard }) => heard.filter((name) => name === "hard").length >= 2],
  ["while few-shots are verified", ({ activity, step }) => activity === "constructing" && step > 0],
  ["in a probe between two rounds", ({ activity, step }) => activity === "probing" && step >= 2],
  ["at the border of a round", ({ heard }) => heard.filter((name) => name === "round").length >= 2],
  ["in the middle of a round", ({ step, activity }) => step === 4 && activity === "updating"],
];

async function killedAt(run: ServedRun, place: Place): Promise<void> {
  const client = await run.start();
  assert.ok(client);
  const heard: string[] = [];
  let now = { activity: "starting", step: 0 };
  const reached = new Promise<boolean>((resolve) => {
    const look = (name: string): void => {
      heard.push(name);
      if (place({ ...now, heard })) resolve(true);
    };
    client.on("state", ({ activity, step }) => {
      now = { activity, step };
      look("state");
    });
    for (const method of ["hard", "round", "progress", "step"] as const) client.on(method, () => look(method));
    void client.closed.then(() => resolve(false));
  });
  await client.attach();
  assert.ok(await reached, "the run was over before it got there");
  await run.kill();
  client.close();
}

test("a run in rounds that is killed anywhere comes to the end of the undisturbed one, bit for bit", async (t) => {
  const experiment = rounds(t);
  await edited(experiment);
  const undisturbed = new ServedRun(t, experiment);
  assert.equal((await undisturbed.finish()).state, "finished");
  {
    using reader = new RunReader(undisturbed.folder);
    assert.ok(reader.rounds().length >= 3);
    assert.equal(reader.edits().length, 2);
    const history = reader.history("q0-0");
    assert.deepEqual(
      new Set(history.map(({ what }) => what)),
      new Set(["probe", "few-shots", "state", "edit", "draw"]),
      "everything that can happen to a row happened to this one",
    );
  }
  for (const [name, place] of PLACES) {
    await t.test(name, async (t) => {
      const run = new ServedRun(t, experiment);
      await killedAt(run, place);
      assert.equal((await run.finish()).state, "finished");
      using reader = new RunReader(run.folder);
      assert.deepEqual(reader.events({ kind: "replay-difference", limit: 10 }), []);
      assertSameRun(run.folder, undisturbed.folder);
    });
  }
});

test("steps that are replayed use the edits on record, though their files are gone", async (t) => {
  const experiment = rounds(t);
  await edited(experiment);
  const run = new ServedRun(t, experiment);
  await killedAt(run, ({ step }) => step === 5);
  rmSync(experiment.replacements, { recursive: true });
  assert.equal((await run.finish()).state, "finished");
  using reader = new RunReader(run.folder);
  assert.deepEqual(reader.events({ kind: "replay-difference", limit: 10 }), []);
  const edits = reader.edits();
  const takenBack = edits.filter(({ action }) => action === "automatic");
  assert.equal(takenBack.length, 2);
  const last = takenBack[0]?.step ?? 0;
  assert.ok(last >= 5, "only a step that had not been taken looks at the folder");
  const versions = reader
    .history("q0-0")
    .flatMap(({ step, what, detail }) => (what === "draw" ? [{ step, version: detail.version }] : []));
  assert.ok(versions.some(({ version }) => version === "edited"));
  for (const { step, version } of versions) if (step >= last) assert.notEqual(version, "edited");
});

test("an editor hears what becomes of its snapshot, and everyone hears of an edit in force", async (t) => {
  const experiment = rounds(t);
  const run = new ServedRun(t, experiment);
  const client: RunClient | undefined = await run.start();
  assert.ok(client);
  const { train } = await loadDataset(experiment);
  const [row] = train;
  assert.ok(row);
  const heard = new Promise<string>((resolve) =>
    client.on("edit", ({ action, sample }) => resolve(`${action} ${sample}`)),
  );
  await client.attach();
  const text = JSON.stringify(excludeEdit(row.sample));
  await until("the run to have read its rows", async () => (await client.status()).activity !== "starting");
  const edits = await client.offer([
    { file: "one.replacement.json", text },
    { file: "two.replacement.json", text: "no JSON" },
  ]);
  assert.equal(edits.length, 2);
  assert.equal(await heard, `exclude ${row.sample.id}`);
  await client.closed;
  assert.equal((await run.left()).state, "finished");
  using reader = new RunReader(run.folder);
  assert.deepEqual(
    reader.edits().map(({ file, action, text: kept }) => [file, action, kept]),
    [
      ["one.replacement.json", "exclude", text],
      ["two.replacement.json", "refused", "no JSON"],
    ],
  );
});
