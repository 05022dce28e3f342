import assert from "node:assert/strict";
import test from "node:test";
import { RunReader } from "../../store/reader.ts";
import { seedFor } from "../draw.ts";
import { assertSameRun } from "../testing/compareRuns.ts";
import { fakeExperiment, isAlive, killProcess, ServedRun, until } from "../testing/harness.ts";

/** How many notifications a server sends before it is killed: one life after another, drawn from a seed. */
function livesOf(seed: number): number[] {
  return [0, 1, 2, 3].map((life) => 1 + (seedFor(seed, `life ${life}`) % 25));
}

for (const seed of [1, 2]) {
  test(`a server killed again and again comes to the same end (seed ${seed})`, async (t) => {
    const experiment = fakeExperiment(t, { model: { delay_ms: 1 }, settings: { checkpoints: { every: 1 } } });
    const run = new ServedRun(t, experiment);
    const engines: number[] = [];
    let kills = 0;
    for (const notifications of livesOf(seed)) {
      const client = await run.start();
      assert.ok(client);
      let left = notifications;
      for (const method of ["state", "step", "evaluation", "probe", "progress", "log"] as const)
        client.on(method, () => left--);
      const { pid } = await client.attach();
      await until("enough to have happened", () => left <= 0);
      kills++;
      const { enginePid } = await client.status().catch(() => ({ enginePid: 0 }));
      if (enginePid) engines.push(enginePid);
      await run.kill();
      assert.ok(!isAlive(pid));
      client.close();
    }
    assert.equal(kills, 4);
    assert.equal((await run.finish()).state, "finished");
    for (const pid of engines) await until("an orphaned engine to end itself", () => !isAlive(pid));
    using reader = new RunReader(run.folder);
    assert.equal(reader.events({ kind: "replay-difference", limit: 10 }).length, 0);

    const undisturbed = new ServedRun(t, experiment);
    assert.equal((await undisturbed.finish()).state, "finished");
    assertSameRun(run.folder, undisturbed.folder);
  });
}

for (const activity of ["saving", "updating", "exporting"] as const) {
  test(`a server killed while ${activity} comes to the same end`, async (t) => {
    const experiment = fakeExperiment(t, { model: { delay_ms: 1 } });
    const run = new ServedRun(t, experiment);
    const client = await run.start();
    assert.ok(client);
    let reached = false;
    client.on("state", (state) => {
      if (state.activity !== activity || state.step < 2 || reached) return;
      reached = true;
      killProcess(pid);
    });
    const { pid } = await client.attach();
    await client.closed;
    await run.kill();
    assert.ok(reached);
    assert.notEqual(run.record.state, "finished");
    assert.equal((await run.finish()).state, "finished");
    const undisturbed = new ServedRun(t, experiment);
    await undisturbed.finish();
    assertSameRun(run.folder, undisturbed.folder);
  });
}
