import assert from "node:assert/strict";
import test from "node:test";
import { RunReader } from "../../store/reader.ts";
import { seedFor } from "../draw.ts";
import { assertSameRun } from "../testing/compareRuns.ts";
import { fakeExperiment, isAlive, killProcess, ServedRun, until } from "../testing/harness.ts";

/** How many notifications a server sends before it is killed: one life after another, drawn from a seed. */
function livesOf(seed: number): number[] {
  return [0, 1, 2].map((life) => 1 + (seedFor(seed, `life ${life}`) % 16));
}

test("a server that is killed at any moment comes to the end of the undisturbed run, bit for bit", async (t) => {
  const experiment = fakeExperiment(t, { model: { delay_ms: 1 } });
  const undisturbed = new ServedRun(t, experiment);
  assert.equal((await undisturbed.finish()).state, "finished");

  const endsTheSame = async (run: ServedRun): Promise<void> => {
    assert.notEqual(run.record.state, "finished");
    assert.equal((await run.finish()).state, "finished");
    using reader = new RunReader(run.folder);
    assert.equal(reader.events({ kind: "replay-difference", limit: 10 }).length, 0);
    assertSameRun(run.folder, undisturbed.folder);
  };

  for (const seed of [1, 2]) {
    await t.test(`again and again (seed ${seed})`, async (t) => {
      const run = new ServedRun(t, experiment);
      const engines: number[] = [];
      for (const notifications of livesOf(seed)) {
        const client = await run.start();
        assert.ok(client);
        let left = notifications;
        for (const method of ["state", "step", "evaluation", "probe", "progress", "log"] as const) {
          client.on(method, () => left--);
        }
        await client.attach();
        await until("enough to have happened", () => left <= 0);
        engines.push((await client.status()).enginePid);
        await run.kill();
        client.close();
      }
      await endsTheSame(run);
      for (const pid of engines.filter(Boolean)) await until("an orphaned engine to end itself", () => !isAlive(pid));
    });
  }

  for (const activity of ["saving", "updating", "exporting"] as const) {
    await t.test(`while ${activity}`, async (t) => {
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
      await endsTheSame(run);
    });
  }
});
