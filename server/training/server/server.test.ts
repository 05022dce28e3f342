import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { Snapshot } from "../../../schemas/protocol.ts";
import { RunReader } from "../../store/reader.ts";
import { connectToRun } from "../client/connect.ts";
import { startServer } from "../client/start.ts";
import { ENGINE_MODULE } from "../engine/remote/messages.ts";
import { assertSameRun } from "../testing/compareRuns.ts";
import { engineModule, fakeExperiment, isAlive, killProcess, ServedRun, until } from "../testing/harness.ts";
import { storedCuts } from "./memoryCuts.ts";
import { tokenFile } from "./places.ts";
import { readServerFile, serverFilePath } from "./serverFile.ts";

/** A run in which a test can come in between. */
const slow = { model: { delay_ms: 2 } };

async function undisturbed(t: TestContext, experiment: ReturnType<typeof fakeExperiment>): Promise<string> {
  const run = new ServedRun(t, experiment);
  assert.equal((await run.finish()).state, "finished");
  return run.folder;
}

test("a run goes from its folder to a trained policy", async (t) => {
  const run = new ServedRun(t, fakeExperiment(t));
  const record = await run.finish();
  assert.equal(record.state, "finished");
  assert.deepEqual(Object.keys(record.results ?? {}).sort(), [
    "accuracyAfter",
    "accuracyBefore",
    "hardAfter",
    "hardBefore",
    "steps",
  ]);
  assert.equal(record.engine?.architecture, "fake");
  using reader = new RunReader(run.folder);
  assert.deepEqual(
    reader.steps().map(({ step }) => step),
    [1, 2, 3, 4, 5, 6],
  );
  assert.deepEqual(
    reader.evaluations().map(({ moment }) => moment),
    ["before", "between", "after"],
  );
  assert.equal(reader.counts().rollouts, 6 * 48);
  assert.equal(reader.rollouts({ phase: "probe", limit: 1000 }).rows.length, 2 * 32);
  assert.equal(readServerFile(run.folder), undefined);
});

test("a supervised run goes the same way", async (t) => {
  const experiment = fakeExperiment(t, {
    experiment: { preset: "sft" },
    settings: {
      sampling: { groupSize: 1 },
      optimizer: { promptsPerMiniBatch: 8 },
      probe: { before: false, after: false },
    },
  });
  const run = new ServedRun(t, experiment);
  assert.equal((await run.finish()).state, "finished");
  using reader = new RunReader(run.folder);
  const losses = reader.steps().map(({ metrics }) => metrics.loss as number);
  assert.equal(losses.length, 6);
  assert.ok((losses.at(-1) as number) < (losses[0] as number));
});

test("pause, a second client, resume: the rows are those of an undisturbed run", async (t) => {
  const experiment = fakeExperiment(t, slow);
  const run = new ServedRun(t, experiment);
  const client = await run.start();
  assert.ok(client);
  const activities: string[] = [];
  const steps: number[] = [];
  client.on("state", ({ activity }) => activities.push(activity));
  client.on("step", ({ step }) => steps.push(step));
  await client.attach();
  for (const activity of ["probing", "sampling", "updating", "sampling"]) {
    activities.length = 0;
    await until(activity, () => activities.includes(activity));
    assert.match((await client.pause()).state, /paus/);
    const other = await connectToRun(run.folder);
    assert.ok(other);
    await until("the pause", async () => (await other.attach()).state === "paused");
    await until("the pause on record", () => run.record.state === "paused");
    assert.equal((await other.resume()).state, "running");
    other.close();
  }
  await client.closed;
  assert.equal((await run.left()).state, "finished");
  assert.deepEqual(steps, [1, 2, 3, 4, 5, 6]);
  assertSameRun(run.folder, await undisturbed(t, experiment));
});

test("a stop takes a checkpoint, and a resume goes on from there to the same end", async (t) => {
  const experiment = fakeExperiment(t, slow);
  const run = new ServedRun(t, experiment);
  const client = await run.start();
  assert.ok(client);
  let sampled = 0;
  client.on("progress", ({ activity, done }) => {
    if (activity === "sampling") sampled = done;
  });
  await client.attach();
  await until(
    "the third step's sampling",
    async () => (await client.status()).step === 3 && sampled > 0 && sampled < 48,
  );
  assert.equal((await client.stop()).state, "stopping");
  await client.closed;
  const record = await run.left();
  assert.equal(record.state, "stopped");
  assert.match(record.message ?? "", /Stopped after step \d.*resume/);
  const again = await run.start();
  assert.ok(again);
  const snapshot = await again.attach();
  assert.ok(snapshot.step >= 3, "the checkpoint of the stop is where it goes on");
  assert.equal(snapshot.evaluations.before?.accuracy.rows, 8);
  assert.equal(snapshot.probes.before?.rows, 16);
  await again.closed;
  assert.equal((await run.left()).state, "finished");
  assertSameRun(run.folder, await undisturbed(t, experiment));
});

test("a status request is answered while an update holds the engine", async (t) => {
  const run = new ServedRun(
    t,
    fakeExperiment(t, {
      model: { block_ms: 700 },
      settings: { steps: 2, objective: { beta: 0.1, kl: "k3", klPlacement: "loss" } },
    }),
  );
  const client = await run.start();
  assert.ok(client);
  let updating = false;
  let steps = 0;
  client.on("state", ({ activity }) => {
    updating ||= activity === "updating";
  });
  client.on("step", () => steps++);
  await client.attach();
  await until("an update", () => updating);
  const answers: Snapshot[] = [];
  while (answers.length < 20) answers.push(await client.status());
  assert.equal(steps, 0, "twenty answers came before the update's end");
  assert.ok(answers.every(({ activity }) => activity === "updating"));
  assert.equal((await client.stop()).state, "stopping");
  await client.closed;
  assert.equal((await run.left()).state, "stopped");
});

test("a second server for one run is refused", async (t) => {
  const run = new ServedRun(t, fakeExperiment(t, slow));
  const client = await run.start();
  assert.ok(client);
  const { pid } = await client.attach();
  // It must not come to its end while the second one starts.
  await client.pause();
  await until("the pause", async () => (await client.status()).state === "paused");
  rmSync(tokenFile(run.folder)); // so that the second start cannot simply connect to the first server
  const second = await startServer(run.folder);
  assert.deepEqual(second, { exitCode: 1 });
  assert.equal(readServerFile(run.folder)?.pid, pid);
  assert.equal((await client.status()).pid, pid);
  await client.stop();
  await client.closed;
});

test("a server.json that nobody stands behind does not keep a run from being resumed", async (t) => {
  const run = new ServedRun(t, fakeExperiment(t));
  writeFileSync(
    serverFilePath(run.folder),
    JSON.stringify({ pid: 2 ** 22 + 1, started: "", hostname: hostname(), socket: "gone" }),
  );
  assert.equal((await run.finish()).state, "finished");
});

test("three crashes of the engine at one place end the run with a sentence", async (t) => {
  const run = new ServedRun(t, fakeExperiment(t, {}, "crashingEngine"));
  const record = await run.finish();
  assert.equal(record.state, "failed");
  assert.match(record.message ?? "", /ended by SIGKILL, 3 times without a new step.*microBatchTokens/);
  using reader = new RunReader(run.folder);
  assert.equal(reader.events({ kind: "engine-lost", limit: 10 }).length, 3);
  assert.deepEqual(
    reader.steps().map(({ step }) => step),
    [1],
  );
});

test("memory that runs out and a device that is lost cost a run nothing, and are on record", async (t) => {
  const settings = { optimizer: { microBatchTokens: 4000 } };
  const [small, large] = [
    new ServedRun(t, fakeExperiment(t, { settings }, "smallMemoryEngine")),
    new ServedRun(t, fakeExperiment(t, { settings })),
  ];
  process.env[ENGINE_MODULE] = engineModule("smallMemoryEngine");
  assert.equal((await small.finish()).state, "finished");
  process.env[ENGINE_MODULE] = engineModule("fakeEngine");
  assert.equal((await large.finish()).state, "finished");
  assertSameRun(small.folder, large.folder);
  using reader = new RunReader(small.folder);
  const cuts = storedCuts(reader).map(({ place: [step], limits }) => ({ step, ...limits }));
  assert.deepEqual(cuts, [
    { step: 1, microBatchTokens: 4000, maxSequences: 128 },
    { step: 1, microBatchTokens: 4000, maxSequences: 64 },
    { step: 2, microBatchTokens: 2000, maxSequences: 64 },
    { step: 2, microBatchTokens: 1000, maxSequences: 64 },
  ]);
  const lost = reader.events({ kind: "engine-lost", limit: 10 }).map(({ data }) => String(data.message));
  assert.equal(
    lost.filter((message) => /^The engine ran out of memory in the midst of sampling/.test(message)).length,
    2,
  );
  assert.equal(lost.filter((message) => /^The device was lost/.test(message)).length, 1);
  using other = new RunReader(large.folder);
  assert.deepEqual(storedCuts(other), []);
  assert.deepEqual(reader.events({ kind: "replay-difference", limit: 10 }), []);
});

test("a full disk ends the run with a sentence, and what was stored stays", async (t) => {
  const run = new ServedRun(t, fakeExperiment(t, {}, "fullDiskEngine"));
  const record = await run.finish();
  assert.equal(record.state, "failed");
  assert.match(record.message ?? "", /no room left.*Free some space/);
  using reader = new RunReader(run.folder);
  assert.deepEqual(
    reader.steps().map(({ step }) => step),
    [1, 2],
  );
});

test("a run that cannot begin fails with the reason", async (t) => {
  const experiment = fakeExperiment(t);
  const run = new ServedRun(t, experiment);
  rmSync(join(experiment.model, "tokenizer.json"));
  const record = await run.finish();
  assert.equal(record.state, "failed");
  assert.match(record.message ?? "", /tokenizer\.json/);
});

test("an engine that is killed is replaced, and the run comes to the same end", async (t) => {
  const experiment = fakeExperiment(t, slow);
  const run = new ServedRun(t, experiment);
  const client = await run.start();
  assert.ok(client);
  const killed = new Set<number>();
  let wanted = ["probing", "updating", "sampling", "saving"];
  let kill = false;
  client.on("state", ({ activity }) => {
    if (activity !== wanted[0]) return;
    wanted = wanted.slice(1);
    kill = true;
  });
  await client.attach();
  while (wanted.length > 0 || kill) {
    await until("the next kill", () => kill);
    kill = false;
    const { enginePid } = await client.status();
    if (enginePid === 0) continue;
    killed.add(enginePid);
    killProcess(enginePid);
    await until("a new engine", async () => ![0, enginePid].includes((await client.status()).enginePid));
  }
  await client.closed;
  assert.equal((await run.left()).state, "finished");
  assert.ok(killed.size >= 3, `${killed.size} engines were killed`);
  for (const pid of killed) assert.ok(!isAlive(pid));
  using reader = new RunReader(run.folder);
  assert.ok(reader.events({ kind: "engine-lost", limit: 10 }).length >= 3);
  assert.equal(reader.events({ kind: "replay-difference", limit: 10 }).length, 0);
  assertSameRun(run.folder, await undisturbed(t, experiment));
});
