/**
 * The real engine under SIGKILL: training server and engine process are killed at random places, and every run ends like an
 * undisturbed one to the last bit: metrics, rollouts with token ids and log-probabilities, checkpoints and weights.
 * TOOLEXPANDER_KILLS sets the number of kills of each kind (10).
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ResolvedExperiment } from "../schemas/experiment.ts";
import { RunReader } from "../server/store/reader.ts";
import { seedFor } from "../server/training/draw.ts";
import { ENGINE_MODULE } from "../server/training/engine/remote/messages.ts";
import { resolveExperiment } from "../server/training/experiment.ts";
import { assertSameRun } from "../server/training/testing/compareRuns.ts";
import { killProcess, ServedRun, temporaryFolder, until } from "../server/training/testing/harness.ts";

const KILLS = Number(process.env.TOOLEXPANDER_KILLS ?? 10);
const QUICKSTART = join(import.meta.dirname, "..", "examples", "quickstart");

/** The quickstart's policy on a few of its rows: a run of seconds in which everything occurs. */
function smallExperiment(t: TestContext): ResolvedExperiment {
  const folder = temporaryFolder(t);
  const quickstart = JSON.parse(readFileSync(join(QUICKSTART, "experiment.json"), "utf8")) as { tools: string[] };
  const firstRows = (file: string, count: number): string => {
    const rows = readFileSync(join(QUICKSTART, file), "utf8").split("\n").slice(0, count);
    writeFileSync(join(folder, file), `${rows.join("\n")}\n`);
    return file;
  };
  writeFileSync(
    join(folder, "experiment.json"),
    JSON.stringify({
      name: "killed",
      preset: "grpo",
      scale: "micro",
      model: join(QUICKSTART, "policy"),
      tools: quickstart.tools.map((file) => join(QUICKSTART, file)),
      train: firstRows("train.samples.jsonl", 12),
      heldOut: firstRows("heldout.samples.jsonl", 8),
      threads: 1,
      seed: 17,
      settings: {
        steps: 6,
        sampling: { promptsPerStep: 6, groupSize: 4, temperature: 1 },
        lengths: { response: 40 },
        objective: { beta: 0.001 },
        optimizer: { promptsPerMiniBatch: 3, learningRate: 3e-4 },
        probe: { rollouts: 3 },
        evaluation: { every: 3, rows: 4 },
        checkpoints: { every: 3, keep: 2 },
      },
    }),
  );
  return resolveExperiment(join(folder, "experiment.json"), {});
}

/** A share in (0, 1), drawn from a seed. */
const share = (purpose: string) => (seedFor(17, purpose) % 1000) / 1000;

/** A slow machine under load takes minutes for twenty starts; the limit is for a hang. Milliseconds. */
const LIMIT = 900_000;

test("SIGKILL at random places leaves no trace in what a run comes to", { timeout: LIMIT }, async (t) => {
  delete process.env[ENGINE_MODULE];
  const experiment = smallExperiment(t);
  const undisturbed = new ServedRun(t, experiment);
  const started = performance.now();
  assert.equal((await undisturbed.finish()).state, "finished");
  const duration = performance.now() - started;

  const endsTheSame = async (run: ServedRun): Promise<void> => {
    const record = await run.finish();
    assert.equal(record.state, "finished", record.message);
    using reader = new RunReader(run.folder);
    assert.equal(reader.events({ kind: "replay-difference", limit: 10 }).length, 0);
    assertSameRun(run.folder, undisturbed.folder);
  };

  await t.test(`the training server, ${KILLS} times`, async (t) => {
    const places: string[] = [];
    while (places.length < KILLS) {
      const run = new ServedRun(t, experiment);
      // A life is short against the whole, so that a run is killed several times over before it ends.
      for (let alive = true; alive && places.length < KILLS; ) {
        const client = await run.start();
        if (client === undefined) break;
        await sleep(duration * 0.6 * share(`life ${places.length}`));
        const place = await client.status().catch(() => undefined);
        alive = place !== undefined && run.record.state === "running";
        if (alive) places.push(`${place?.activity} after step ${place?.step}`);
        await run.kill();
        client.close();
      }
      await endsTheSame(run);
    }
    t.diagnostic(`killed while ${places.join(", ")}`);
  });

  await t.test(`the engine, ${KILLS} times`, async (t) => {
    const places: string[] = [];
    while (places.length < KILLS) {
      const run = new ServedRun(t, experiment);
      const client = await run.start();
      assert.ok(client);
      for (let step = -1; places.length < KILLS; ) {
        // Three deaths without a new step would end the run: one of each step's is enough.
        const { enginePid } = await until("a new step", async () => {
          const snapshot = await client.status().catch(() => undefined);
          if (snapshot === undefined) return { enginePid: -1 };
          return snapshot.step > step && snapshot.enginePid > 0 && snapshot;
        });
        if (enginePid < 0) break;
        await sleep((duration / 6) * share(`engine ${places.length}`));
        const place = await client.status().catch(() => undefined);
        if (place === undefined || place.enginePid <= 0 || place.state !== "running") break;
        step = place.step;
        killProcess(place.enginePid);
        places.push(`${place.activity} after step ${place.step}`);
      }
      await client.closed.catch(() => {});
      client.close();
      const record = await run.left();
      assert.equal(record.state, "finished", record.message);
      assertSameRun(run.folder, undisturbed.folder);
    }
    t.diagnostic(`killed while ${places.join(", ")}`);
  });
});
