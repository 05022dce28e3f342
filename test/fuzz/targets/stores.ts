/** What is no text: the store of a run. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STORE_FILE } from "../../../server/store/database.ts";
import { RunReader } from "../../../server/store/reader.ts";
import { rolloutAt, stepAt } from "../../../server/store/testing/rollouts.ts";
import { RunWriter } from "../../../server/store/writer.ts";
import { inBytes } from "../mutations.ts";
import type { Random, Target } from "../target.ts";
import { timeless } from "./support.ts";

/** Several faults, most of them where a format keeps what it is about. */
function inPages(seed: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let bytes = seed;
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--) {
    if (random() < 0.3) {
      bytes = inBytes(bytes, other, random);
      continue;
    }
    const page = Math.floor(random() * Math.max(1, bytes.length / 4096));
    const at = Math.min(bytes.length - 1, page * 4096 + Math.floor(random() * 120));
    const changed = bytes.slice();
    changed[at] = Math.floor(random() * 256);
    bytes = changed;
  }
  return bytes;
}

const store: Target = {
  name: "store",
  weight: 3,
  mutate: inPages,
  seeds: (folder) =>
    [1, 3].map((steps) => {
      const run = join(folder, String(steps));
      mkdirSync(run);
      {
        using writer = RunWriter.open(run);
        for (let step = 1; step <= steps; step++) writer.recordStep(stepAt(step));
        writer.recordRollouts("evaluation", 1, [rolloutAt(1, 0, 0)]);
        writer.recordEvent({ step: 1, kind: "log", key: null, data: { level: "info", message: "so" } });
      }
      return timeless(readFileSync(join(run, STORE_FILE)), folder);
    }),
  open(folder) {
    const file = join(folder, STORE_FILE);
    return {
      read(input) {
        // What SQLite keeps beside a store belongs to the one before.
        for (const beside of ["-wal", "-shm", "-journal"]) rmSync(`${file}${beside}`, { force: true });
        writeFileSync(file, input);
        using reader = new RunReader(folder, 0);
        const { rows } = reader.rollouts({ limit: 100 });
        for (const row of rows.slice(0, 3)) {
          reader.tokens(row);
          reader.prompt(row.promptHash);
          reader.history(row.sample);
          reader.draws(row.sample);
          reader.latestFewShots(row.sample);
        }
        reader.steps();
        reader.counts();
        reader.evaluations();
        reader.probes();
        reader.probeOutcomes();
        reader.rounds();
        reader.edits();
        reader.sampleStates();
        reader.events({ limit: 100 });
      },
    };
  },
};

export const storeTargets: readonly Target[] = [store];
