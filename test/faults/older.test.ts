/** Runs that an earlier version left unfinished, opened by this one. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunRecord } from "../../schemas/run.ts";
import { STORE_FILE } from "../../server/store/database.ts";
import { RECORD_FILE } from "../../server/store/runFolder.ts";
import { makeOlder } from "../../server/store/testing/older.ts";
import { tinyExperiment } from "../../server/training/testing/tinyPolicy.ts";
import { faultTest } from "./faultSuite.ts";
import { HeldServer } from "./heldServer.ts";
import { TinyRuns } from "./tinyRuns.ts";
import { Witness } from "./witness.ts";

/** What those versions did and could not be told otherwise (server/store/earlierRecords.ts). */
const AS_THEN = {
  sampling: { maxSequences: 256 },
  objective: { importanceCap: 0 },
  optimizer: { checkpointing: false, precision: "f32" },
} as const;

/** Formats of records, with the version of the store that was written beside them. */
const EARLIER: readonly { format: number; store: number }[] = [
  { format: 5, store: 5 },
  { format: 4, store: 4 },
  { format: 3, store: 4 },
  { format: 2, store: 3 },
];

/** The record without what came after its format. */
function takenBack(record: RunRecord, format: number): object {
  const { toolPrompt: _w, ...asOf5 } = record.experiment.settings;
  const { spark: _s, ppo: _p, ...settings } = asOf5;
  const { episodes: _e, temperature: _t, ...evaluation } = settings.evaluation;
  const { precision: _f, ...optimizer } = settings.optimizer;
  const asOf4 = { ...settings, evaluation, optimizer };
  const { base: _b, block: _k, ...adapter } = settings.adapter;
  const asOf3 = { ...asOf4, adapter };
  const { adapter: _a, ...withoutAdapter } = asOf3;
  const { maxSequences: _m, ...sampling } = asOf3.sampling;
  const { importanceCap: _i, ...objective } = asOf3.objective;
  const { checkpointing: _c, ...plainOptimizer } = optimizer;
  const asOf2 = { ...withoutAdapter, sampling, objective, optimizer: plainOptimizer };
  const { trained: _n, ...engine } = record.engine ?? { trained: 0 };
  const then = { 5: asOf5, 4: asOf4, 3: asOf3 }[format] ?? asOf2;
  return {
    ...record,
    format,
    experiment: { ...record.experiment, settings: then },
    ...(record.engine && { engine: format === 2 ? engine : record.engine }),
  };
}

faultTest({ name: "a run that an earlier version left unfinished", short: 3, share: 0.05 }, async (trial) => {
  const runs = await TinyRuns.of(trial.t, tinyExperiment(trial.t, { settings: AS_THEN }));
  for (let number = 0, tries = 0; number < trial.times; tries++) {
    const run = runs.begun();
    const server = new HeldServer(run.folder);
    const witness = new Witness(run.folder, server);
    // An earlier version's store is there from its first step on. When that comes is not told by what another run took:
    // a machine is as slow as all that it does.
    const step = 1 + Math.floor(trial.draw(`step ${tries}`) * (runs.steps - 1));
    await Promise.race([witness.toldOf(step), server.ended]);
    await Promise.race([sleep(trial.draw(`instant ${tries}`) * (runs.duration / runs.steps)), server.ended]);
    if (server.hasEnded) continue;
    await server.kill();
    await witness.settled();
    const { format, store } = EARLIER[number % EARLIER.length] ?? { format: 4, store: 4 };
    const file = join(run.folder, RECORD_FILE);
    const record: RunRecord = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify(takenBack(record, format)));
    makeOlder(join(run.folder, STORE_FILE), store);
    runs.nothingLost(run, witness.step);
    await runs.endsTheSame(run);
    trial.struck(`format ${format}, store ${store}`, "resumed, identical, nothing lost");
    number++;
  }
});
