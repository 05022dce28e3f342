import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { StateEvent } from "../../../schemas/protocol.ts";
import { RunReader } from "../../store/reader.ts";
import type { RunClient } from "../client/connect.ts";
import { assertSameRun } from "../testing/compareRuns.ts";
import { fakeExperiment, ServedRun, until } from "../testing/harness.ts";
import type { WorkspaceChanges } from "../testing/workspace.ts";

const hinted: WorkspaceChanges = {
  world: "hinted",
  model: { delay_ms: 2 },
  settings: {
    steps: 4,
    lengths: { prompt: 64 },
    probe: { rollouts: 3 },
    curriculum: { mode: "replace", fewShots: "random" },
  },
};

async function opened(t: TestContext, changes: WorkspaceChanges) {
  const run = new ServedRun(t, fakeExperiment(t, changes));
  const client = await run.start();
  assert.ok(client);
  const states: StateEvent[] = [];
  client.on("state", (state) => states.push(state));
  await client.attach();
  return { run, client, states };
}

const paused = (client: RunClient) => until("the pause", async () => (await client.status()).state === "paused");

test("a run pauses once where a probe finds the next hard row, names it, and goes on as if nothing had been", async (t) => {
  const { run, client, states } = await opened(t, hinted);
  assert.deepEqual(await client.pauseOnHard(true), { on: true, reason: null });
  await paused(client);
  const { pausedOn, pauseOnHard, activity } = await client.status();
  assert.deepEqual([pauseOnHard, activity], [false, "probing"]);
  using reader = new RunReader(run.folder);
  assert.ok(reader.sampleStates().some(({ sample, state }) => sample === pausedOn && state === "hard"));
  assert.ok(states.some((state) => state.pauseOnHard));
  assert.equal((await client.resume()).pausedOn, null);

  await until("the first round", async () => (await client.status()).step > 0);
  await client.pauseOnHard(true);
  await paused(client);
  assert.ok((await client.status()).step >= 2, "the probe between two rounds");
  await client.resume();
  await client.closed;
  assert.equal((await run.left()).state, "finished");
  const undisturbed = new ServedRun(t, fakeExperiment(t, hinted));
  await undisturbed.finish();
  assertSameRun(run.folder, undisturbed.folder);
});

test("the wish is taken back, and refused where no probe is to come", async (t) => {
  const { run, client } = await opened(t, {
    ...hinted,
    settings: { ...hinted.settings, curriculum: { mode: "none" }, probe: { before: true } },
  });
  await client.pauseOnHard(true);
  assert.deepEqual(await client.pauseOnHard(false), { on: false, reason: null });
  await until("the probe's end", async () => (await client.status()).probes.before !== undefined);
  const { on, reason } = await client.pauseOnHard(true);
  assert.deepEqual([on, /probes no more rows/.test(reason ?? "")], [false, true]);
  await client.closed;
  const { state } = await run.left();
  assert.equal(state, "finished");
});
