/** A clock that goes back while a run goes on, and stays behind what is on the disk. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { RunReader } from "../../server/store/reader.ts";
import { listRuns } from "../../server/store/runFolder.ts";
import { faultTest } from "./faultSuite.ts";
import { HeldServer } from "./heldServer.ts";
import { TinyRuns } from "./tinyRuns.ts";
import { Witness } from "./witness.ts";

const DAY = 86_400_000;
const preload = ["--import", pathToFileURL(join(import.meta.dirname, "clockGoesBack.ts")).href];

faultTest({ name: "the clock jumps back during a run", short: 2, share: 0.05 }, async ({ t, times, draw, struck }) => {
  const runs = await TinyRuns.of(t);
  for (let number = 0; number < times; number++) {
    const run = runs.begun();
    // From a second to three years, evenly on a logarithmic scale.
    const back = Math.round(1000 * (3 * 365 * 86_400) ** draw(`back ${number}`));
    const options = {
      nodeOptions: preload,
      environment: {
        TOOLEXPANDER_CLOCK_READINGS: String(Math.floor(draw(`readings ${number}`) * 6)),
        TOOLEXPANDER_CLOCK_BACK_MS: String(back),
      },
    };
    const server = new HeldServer(run.folder, options);
    const witness = new Witness(run.folder, server);
    await Promise.race([sleep(draw(`instant ${number}`) * runs.duration), server.ended]);
    await server.kill();
    await witness.settled();
    runs.nothingLost(run, witness.step);
    await runs.endsTheSame(run, options);
    assert.ok(Date.parse(run.record.ended ?? "") <= Date.now() - back, "its clock was behind");
    using reader = new RunReader(run.folder);
    const sequences = reader.events({ limit: 1000 }).map(({ sequence }) => sequence);
    assert.deepEqual(
      sequences,
      sequences.toSorted((a, b) => a - b),
      "events are in the order in which they happened",
    );
    assert.ok(listRuns(runs.experiment.runs).some(({ dir }) => dir === run.folder));
    struck(back < DAY ? "by less than a day" : "by days", "resumed, identical, nothing lost");
  }
});
