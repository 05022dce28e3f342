import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { Sample } from "../../../schemas/samples.ts";
import type { TryEvent } from "../../../schemas/tries.ts";
import { replacementFileName } from "../../toolcalls/replacementName.ts";
import { connectToRun, type RunClient } from "../client/connect.ts";
import { loadDataset } from "../dataset.ts";
import { assertSameRun } from "../testing/compareRuns.ts";
import { excludeEdit, fewShotEdit, writeEdit } from "../testing/edits.ts";
import { fakeExperiment, killProcess, ServedRun, until } from "../testing/harness.ts";
import type { WorkspaceChanges } from "../testing/workspace.ts";

const hinted: WorkspaceChanges = {
  world: "hinted",
  model: { delay_ms: 2 },
  settings: {
    steps: 6,
    lengths: { prompt: 64 },
    curriculum: { mode: "replace", fewShots: "random", replacements: true },
  },
};
const endless: WorkspaceChanges = {
  ...hinted,
  model: { delay_ms: 10 },
  settings: { ...hinted.settings, steps: 5000 },
};

const shown = [{ query: "Show q5", calls: [{ name: "tool1", arguments: { v: 1 } }] }];

interface Opened {
  run: ServedRun;
  client: RunClient;
  sample: Sample;
  events: TryEvent[];
  ask(id: string, edit?: object, rollouts?: number): Promise<string | null>;
  ended(id: string): Promise<Extract<TryEvent, { kind: "ended" }>>;
  rollouts(id: string): number;
}

/** A live run that has read its rows. */
async function live(t: TestContext, changes: WorkspaceChanges): Promise<Opened> {
  const experiment = fakeExperiment(t, changes);
  const [row] = (await loadDataset(experiment)).train;
  assert.ok(row);
  const { sample } = row;
  const run = new ServedRun(t, experiment);
  const client = await run.start();
  assert.ok(client);
  const events: TryEvent[] = [];
  client.on("try", (event) => events.push(event));
  await client.attach();
  await until("the run to have read its rows", async () => (await client.status()).activity !== "starting");
  const isEnd = (event: TryEvent): event is Extract<TryEvent, { kind: "ended" }> => event.kind === "ended";
  return {
    run,
    client,
    sample,
    events,
    ask: (id, edit = fewShotEdit(sample, shown), rollouts = 4) =>
      client.try({ id, file: replacementFileName(sample.id), text: JSON.stringify(edit), rollouts }),
    ended: (id) => until(`the end of ${id}`, () => events.filter(isEnd).find((event) => event.id === id)),
    rollouts: (id) => events.filter((event) => event.id === id && event.kind === "rollout").length,
  };
}

async function stop({ client, run }: Opened): Promise<void> {
  await client.stop();
  await run.left();
}

test("a run that is tried on while it trains and in a pause ends as the undisturbed one does", async (t) => {
  const opened = await live(t, hinted);
  const { client, ask, ended, rollouts, run, events } = opened;
  let number = 0;
  for (let step = 0; step < 4; step++) {
    await until(`step ${step}`, async () => (await client.status()).step >= step);
    const id = `try ${++number}`;
    assert.equal(await ask(id), null);
    assert.equal((await ended(id)).how, "done");
    assert.equal(rollouts(id), 8);
  }
  await client.pause();
  await until("the pause", async () => (await client.status()).state === "paused");
  assert.equal(await ask("paused"), null);
  assert.equal((await ended("paused")).how, "done");
  assert.equal((await client.status()).state, "paused");
  await client.resume();
  await client.closed;
  assert.equal((await run.left()).state, "finished");
  const begun = events.find((event) => event.id === "try 1" && event.kind === "begun");
  assert.ok(begun?.kind === "begun");
  assert.deepEqual(begun.sides[0]?.version, "edited");
  const undisturbed = new ServedRun(t, fakeExperiment(t, hinted));
  await undisturbed.finish();
  assertSameRun(run.folder, undisturbed.folder);
});

test("what no run would take is refused with its reason before anything is drawn", async (t) => {
  const opened = await live(t, endless);
  const { ask, sample, client } = opened;
  const refusals: [object, RegExp][] = [
    [fewShotEdit(sample, []), /Without a demonstration/],
    [fewShotEdit(sample, Array.from({ length: 9 }, () => shown).flat()), /longer than settings\.lengths\.prompt/],
    [{ ...fewShotEdit(sample, shown), sample: "nobody" }, /No sample has the id "nobody"/],
    [excludeEdit(sample), /nothing to try/],
  ];
  for (const [edit, reason] of refusals) assert.match((await ask("x", edit)) ?? "", reason);
  assert.match(
    (await client.try({ id: "x", file: "a.replacement.json", text: "{", rollouts: 1 })) ?? "",
    /a\.replacement\.json:1:/,
  );
  await assert.rejects(ask("x", undefined, 65), /rollouts/);
  await stop(opened);
});

test("a try is cancelled while it waits and while it draws; others go on, and too many are refused", async (t) => {
  const opened = await live(t, endless);
  const { ask, ended, rollouts, client } = opened;
  await client.pause();
  await until("the pause", async () => (await client.status()).state === "paused");
  for (const id of ["a", "b", "c", "d"]) assert.equal(await ask(id, undefined, 64), null);
  assert.match((await ask("e")) ?? "", /4 tries are under way/);
  assert.match((await ask("a")) ?? "", /4 tries|this id/);
  await client.cancelTry("b");
  assert.equal((await ended("b")).how, "cancelled");
  assert.equal(rollouts("b"), 0);
  await until("rollouts of the first", () => rollouts("a") > 0);
  await client.cancelTry("a");
  assert.equal((await ended("a")).how, "cancelled");
  assert.ok(rollouts("a") < 128);
  const drawn = rollouts("a");
  await until("rollouts of the third", () => rollouts("c") > 0);
  assert.equal(rollouts("a"), drawn, "nothing comes after the end");
  await client.cancelTry("nobody");
  await stop(opened);
  for (const id of ["c", "d"]) {
    const { how, reason } = await ended(id);
    assert.deepEqual([how, /is ending/.test(reason ?? "")], ["failed", true]);
  }
});

test("a client that goes away takes its tries with it", async (t) => {
  const opened = await live(t, endless);
  const { client, ask, run, rollouts } = opened;
  const other = await connectToRun(run.folder);
  assert.ok(other);
  await ask("mine", undefined, 64);
  client.close();
  await client.closed;
  assert.ok(rollouts("mine") < 128);
  const { step } = await other.status();
  await until("two more steps", async () => (await other.status()).step >= step + 2);
  await stop({ ...opened, client: other });
});

test("an engine that dies during a try fails the try with a sentence, and the run goes on", async (t) => {
  const opened = await live(t, endless);
  const { client, ask, ended, rollouts } = opened;
  await until("a step", async () => (await client.status()).step > 0);
  await ask("doomed", undefined, 64);
  await until("a rollout", () => rollouts("doomed") > 0);
  killProcess((await client.status()).enginePid);
  const { how, reason } = await ended("doomed");
  assert.deepEqual([how, /engine process was ended/.test(reason ?? "")], ["failed", true]);
  const { step } = await client.status();
  await until("the next step", async () => (await client.status()).step > step);
  await ask("again");
  assert.equal((await ended("again")).how, "done");
  await stop(opened);
});

test("a step that draws an edit says so, with what came of it", async (t) => {
  const experiment = fakeExperiment(t, { ...hinted, settings: { ...hinted.settings, steps: 3 } });
  const [row] = (await loadDataset(experiment)).train;
  assert.ok(row);
  writeEdit(experiment.replacements, fewShotEdit(row.sample, shown));
  const run = new ServedRun(t, experiment);
  const client = await run.start();
  assert.ok(client);
  const used: { step: number; sample: string; rollouts: number; correct: number }[] = [];
  client.on("editUsed", (event) => used.push(event));
  await client.attach();
  await client.closed;
  assert.ok(used.length > 0);
  assert.ok(used.every(({ sample, rollouts, correct }) => sample === row.sample.id && rollouts === 6 && correct <= 6));
});
