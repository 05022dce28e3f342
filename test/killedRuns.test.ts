/**
 * The real engine under SIGKILL: training server and engine process are killed at random places, and every run ends like an
 * undisturbed one to the last bit: metrics, rollouts with token ids and log-probabilities, checkpoints and weights.
 * Here with the quickstart's policy and a reference policy beside it, a few times; TOOLEXPANDER_KILLS sets another number of kills of
 * each kind. The instants are many where runs are short: a random policy of one layer is killed anywhere in test/faults, and what
 * only runs in rounds have in server/training/server/killedRounds.test.ts, with an engine that computes nothing.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { ExperimentFile, PresetName, ResolvedExperiment } from "../schemas/experiment.ts";
import { RunReader } from "../server/store/reader.ts";
import type { RunClient } from "../server/training/client/connect.ts";
import { seedFor } from "../server/training/draw.ts";
import { ENGINE_MODULE } from "../server/training/engine/remote/messages.ts";
import { resolveExperiment } from "../server/training/experiment.ts";
import { assertSameRun } from "../server/training/testing/compareRuns.ts";
import { killProcess, ServedRun, temporaryFolder, until } from "../server/training/testing/harness.ts";

const KILLS: Partial<Record<PresetName, number>> = { grpo: 2, "dmhs-add": 1 };
const QUICKSTART = join(import.meta.dirname, "..", "examples", "quickstart");

type FileSettings = NonNullable<ExperimentFile["settings"]>;

/** What is killed: a plain run, and one in rounds, which is killed in probes and at borders of rounds too. */
const RUNS: { preset: PresetName; settings: FileSettings }[] = [
  { preset: "grpo", settings: {} },
  {
    preset: "dmhs-add",
    settings: {
      probe: { rollouts: 2, mode: "fast-between" },
      curriculum: { epochsPerRound: 1, attempts: 2 },
      lengths: { prompt: 640, response: 40 },
    },
  },
];

/** The quickstart's policy on a few of its rows: a run of seconds in which everything occurs. */
function smallExperiment(t: TestContext, preset: PresetName, settings: FileSettings): ResolvedExperiment {
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
      preset,
      scale: "micro",
      model: join(QUICKSTART, "policy"),
      tools: quickstart.tools.map((file) => join(QUICKSTART, file)),
      demonstrations: join(QUICKSTART, "quickstart.demos.jsonl"),
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
        ...settings,
      },
    }),
  );
  return resolveExperiment(join(folder, "experiment.json"), { allow: [QUICKSTART] });
}

/** A number from 1 to `most`, drawn from a seed. */
const drawn = (purpose: string, most: number) => 1 + (seedFor(17, purpose) % Math.max(1, Math.floor(most)));

/** Attaches and counts what the server tells: where a run stands, whatever the machine's speed. */
async function watch(client: RunClient): Promise<{ told: () => number }> {
  let told = 0;
  for (const method of ["state", "step", "evaluation", "probe", "progress"] as const) client.on(method, () => told++);
  await client.attach().catch(() => {});
  return { told: () => told };
}

/** A slow machine under load takes minutes for twenty starts; the limit is for a hang. Milliseconds. */
const timeout = 900_000;

for (const { preset, settings } of RUNS) {
  const kills = Number(process.env.TOOLEXPANDER_KILLS ?? KILLS[preset]);
  test(`SIGKILL at random places leaves no trace in what a run of ${preset} comes to`, { timeout }, (t) =>
    killedAnywhere(t, smallExperiment(t, preset, settings), kills),
  );
}

async function killedAnywhere(t: TestContext, experiment: ResolvedExperiment, kills: number): Promise<void> {
  delete process.env[ENGINE_MODULE];
  const undisturbed = new ServedRun(t, experiment);
  const client = await undisturbed.start();
  assert.ok(client);
  const { told } = await watch(client);
  await client.closed;
  assert.equal((await undisturbed.left()).state, "finished");
  const all = told();

  const endsTheSame = async (run: ServedRun): Promise<void> => {
    const record = await run.finish();
    assert.equal(record.state, "finished", record.message);
    using reader = new RunReader(run.folder);
    assert.equal(reader.events({ kind: "replay-difference", limit: 10 }).length, 0);
    assertSameRun(run.folder, undisturbed.folder);
  };

  await t.test(`the training server, ${kills} times`, { timeout }, async (t) => {
    const places: string[] = [];
    while (places.length < kills) {
      const run = new ServedRun(t, experiment);
      // A life is short against the whole, so that a run is killed several times over before it ends.
      while (places.length < kills) {
        const client = await run.start();
        if (client === undefined) break;
        const { told } = await watch(client);
        const ended = await reached(client, told, drawn(`life ${places.length}`, all / 2));
        const place = ended ? undefined : await client.status().catch(() => undefined);
        await run.kill();
        client.close();
        if (place === undefined) break;
        places.push(`${place.activity} after step ${place.step}`);
      }
      await endsTheSame(run);
    }
    t.diagnostic(`killed while ${places.join(", ")}`);
  });

  await t.test(`the engine, ${kills} times`, { timeout }, async (t) => {
    const places: string[] = [];
    while (places.length < kills) {
      const run = new ServedRun(t, experiment);
      const client = await run.start();
      assert.ok(client);
      const { told } = await watch(client);
      // Three deaths without a new step would end the run: one of each step's is enough.
      for (let step = -1; places.length < kills; ) {
        const steps = async () => (await client.status().catch(() => undefined))?.step ?? Number.POSITIVE_INFINITY;
        await until("a new step", async () => (await steps()) > step);
        if (await reached(client, told, told() + drawn(`engine ${places.length}`, all / 10))) break;
        const place = await client.status().catch(() => undefined);
        if (place === undefined || place.enginePid <= 0 || place.state !== "running") break;
        step = place.step;
        killProcess(place.enginePid);
        places.push(`${place.activity} after step ${place.step}`);
      }
      await client.closed;
      client.close();
      const record = await run.left();
      assert.equal(record.state, "finished", record.message);
      assertSameRun(run.folder, undisturbed.folder);
    }
    t.diagnostic(`killed while ${places.join(", ")}`);
  });
}

/** Waits until the server has told so much; true where it left before. */
async function reached(client: RunClient, told: () => number, count: number): Promise<boolean> {
  let left = false;
  void client.closed.then(() => {
    left = true;
  });
  await until("the run to get there", () => left || told() >= count);
  return left;
}
