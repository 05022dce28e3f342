/** A disk that fills up at a random place of a run, and a run folder that may not be written. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError } from "../../schemas/problem.ts";
import { RunReader } from "../../server/store/reader.ts";
import { listRun } from "../../server/store/runFolder.ts";
import { RunWriter } from "../../server/store/writer.ts";
import { logFile, startServer } from "../../server/training/client/start.ts";
import { faultTest } from "./faultSuite.ts";
import { HeldServer } from "./heldServer.ts";
import { Mount, withoutMounts } from "./mounts.ts";
import { TinyRuns } from "./tinyRuns.ts";
import { Witness } from "./witness.ts";

const RESUMED = "resumed, identical, nothing lost";
/** The record, and room for the server to say what is missing. Kibibytes. */
const LEAST_KIB = 40;
const ENOUGH_KIB = 65_536;
/** Every write to it meets a full disk (full(4)). */
const FULL = "/dev/full";

/** What is below a folder, in kibibytes of whole pages as a disk in memory counts. */
function kibibytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + 4 * Math.ceil(statSync(join(entry.parentPath, entry.name)).size / 4096), 0);
}

faultTest({ name: "a full disk", short: 2, share: 0.1, skip: withoutMounts }, async ({ t, times, draw, struck }) => {
  const runs = await TinyRuns.of(t);
  // While it goes on a run takes more, with its write-ahead log and a checkpoint beside the kept ones.
  const most = kibibytesBelow(runs.undisturbed.folder);
  for (let number = 0, tries = 0; number < times; tries++) {
    using disk = Mount.disk(LEAST_KIB + Math.floor(draw(`size ${tries}`) * (most - LEAST_KIB)));
    const run = runs.begun(disk.folder);
    const server = new HeldServer(run.folder);
    const witness = new Witness(run.folder, server);
    const { code, signal } = await server.ended;
    await witness.settled();
    if (run.record.state === "finished") {
      runs.isTheSame(run);
      continue;
    }
    const said = [witness.message, run.record.message ?? "", readFileSync(logFile(run.folder), "utf8")].join("\n");
    assert.deepEqual([code, signal], [1, null], `${witness.activity}: ${said}`);
    assert.match(said, /no room left.*Free some space/, `${witness.activity}: ${said}`);
    disk.grow(ENOUGH_KIB);
    runs.nothingLost(run, witness.step);
    await runs.endsTheSame(run);
    struck(witness.activity, RESUMED);
    number++;
  }
});

const mayNotBeWritten = (error: unknown): boolean =>
  error instanceof InputError && /may not be written.*Check the permissions/.test(error.message);

faultTest(
  { name: "a run folder that may not be written", short: 2, share: 0.05, skip: withoutMounts },
  async ({ t, times, draw, struck }) => {
    const runs = await TinyRuns.of(t);
    for (let number = 0; number < times; number++) {
      const run = runs.begun();
      let told = 0;
      if (number > 0) {
        const server = new HeldServer(run.folder);
        const witness = new Witness(run.folder, server);
        await Promise.race([sleep(draw(`instant ${number}`) * runs.duration), server.ended]);
        await server.kill();
        await witness.settled();
        told = witness.step;
      }
      {
        using _ = Mount.readOnly(run.folder);
        await assert.rejects(startServer(run.folder), mayNotBeWritten);
        assert.ok("record" in listRun(run.folder), "it is still listed");
        // What a killed server left may need a write before it can be read: then that is said.
        if (told > 0) readsOrSays(run.folder);
      }
      runs.nothingLost(run, told);
      await runs.endsTheSame(run);
      struck(number === 0 ? "before it began" : "after a kill", "refused in a sentence, nothing changed");
    }
  },
);

function readsOrSays(folder: string): void {
  try {
    using reader = new RunReader(folder);
    assert.ok(reader.counts().steps > 0);
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
  }
}

faultTest(
  { name: "a folder for runs that may not be written", short: 1, share: 0, skip: withoutMounts },
  async ({ t, struck }) => {
    const runs = await TinyRuns.of(t);
    const folder = dirname(runs.undisturbed.folder);
    const before = readdirSync(folder);
    {
      using _ = Mount.readOnly(folder);
      assert.throws(() => runs.begun(), mayNotBeWritten);
    }
    assert.deepEqual(readdirSync(folder), before);
    struck("at the start", "refused in a sentence, nothing changed");
  },
);

faultTest(
  {
    name: "a log that takes no more",
    short: 1,
    share: 0,
    skip: !existsSync(FULL) && "there is no device that is always full",
  },
  async ({ t, struck }) => {
    const runs = await TinyRuns.of(t);
    const run = runs.begun();
    symlinkSync(FULL, logFile(run.folder));
    await runs.endsTheSame(run);
    struck("at every line", "resumed, identical, nothing lost");
  },
);

faultTest(
  { name: "a disk too small for a new store, of every size", short: 1, share: 0, skip: withoutMounts },
  async ({ struck }) => {
    let [refused, opened] = [0, 0];
    for (let kibibytes = 4; kibibytes <= 512; kibibytes += 4) {
      using disk = Mount.disk(kibibytes);
      try {
        using writer = RunWriter.open(disk.folder);
        writer.recordEvent({ step: 0, kind: "test", key: null, data: {} });
        opened++;
      } catch (error) {
        assert.ok(error instanceof InputError && /no room left/.test(error.message), `${kibibytes} KiB: ${error}`);
        refused++;
      }
    }
    assert.ok(refused > 10 && opened > 10, `${refused} were refused, ${opened} opened`);
    struck("opening it", "refused in a sentence, nothing changed");
  },
);
