import assert from "node:assert/strict";
import test from "node:test";
import { EpisodeReader } from "../../store/episodeReader.ts";
import { RunReader } from "../../store/reader.ts";
import { assertSameRun } from "../testing/compareRuns.ts";
import { killProcess, ServedRun } from "../testing/harness.ts";
import { storedTurnsExperiment } from "../testing/storedTurns.ts";

test("a run over stored turns that is killed in the middle of an epoch comes to the end of the undisturbed one", async (t) => {
  const experiment = await storedTurnsExperiment(t, { model: { delay_ms: 1 }, settings: { checkpoints: { keep: 2 } } });
  const undisturbed = new ServedRun(t, experiment);
  const record = await undisturbed.finish();
  assert.equal(record.state, "finished", record.message);
  assert.ok(
    record.inputs.some(({ file }) => file === experiment.trajectories),
    "the trajectories are an input",
  );
  for (const name of ["accuracyBefore", "accuracyAfter", "entropyBitsBefore", "entropyBitsPerQuestionAfter"])
    assert.equal(typeof record.results?.[name], "number", name);

  // Steps 3 and 5 have no checkpoint of their own; the last of these lies behind the border of an epoch.
  for (const [activity, step] of [
    ["updating", 3],
    ["freezing", 1],
    ["saving", 2],
    ["evaluating", 4],
    ["updating", 5],
  ] as const) {
    await t.test(`while ${activity} after step ${step}`, async (t) => {
      const run = new ServedRun(t, experiment);
      const client = await run.start();
      assert.ok(client);
      let reached = false;
      client.on("state", (state) => {
        if (state.activity !== activity || state.step < step || reached) return;
        reached = true;
        killProcess(pid);
      });
      const { pid } = await client.attach();
      await client.closed;
      await run.kill();
      assert.ok(reached);
      assert.equal((await run.finish()).state, "finished");
      using reader = new RunReader(run.folder);
      assert.equal(reader.events({ kind: "replay-difference", limit: 10 }).length, 0);
      assertSameRun(run.folder, undisturbed.folder);
    });
  }

  using reader = new EpisodeReader(undisturbed.folder);
  const stored = reader.episodes({ phase: "stored", limit: 100 });
  assert.equal(stored.length, 8);
  const [first] = stored;
  assert.ok(first);
  assert.equal(reader.turns(first).length, first.turns);
  assert.equal(
    reader.lessonsOf(first.question).length,
    3 * first.turns,
    "each turn is learnt once in each of 3 epochs",
  );
  assert.equal(reader.episodes({ phase: "played", step: 0, limit: 100 }).length, 6);
});
