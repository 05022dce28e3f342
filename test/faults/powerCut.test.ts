/**
 * A power cut at a random instant, on a real file system: the run's disk is a file, and the file as it was in that instant is the
 * disk that the run is gone on with. What was written and not synced is not in it.
 */
import assert from "node:assert/strict";
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, temporaryFolder, until } from "../../server/training/testing/harness.ts";
import { faultTest } from "./faultSuite.ts";
import { HeldServer } from "./heldServer.ts";
import { Mount, makeImage, withoutImages } from "./mounts.ts";
import { TinyRuns } from "./tinyRuns.ts";
import { Witness } from "./witness.ts";

const DISK_MIB = 48;

/** Whether every thread of a process stands still, also those that were in a system call. */
function standsStill(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T");
  });
}

faultTest({ name: "a power cut at a random instant", short: 1, share: 0.1, skip: withoutImages }, async (trial) => {
  const runs = await TinyRuns.of(trial.t);
  const folder = temporaryFolder(trial.t);
  for (let number = 0, tries = 0; number < trial.times; tries++) {
    const [image, remains] = [join(folder, "disk"), join(folder, "remains")];
    makeImage(image, DISK_MIB);
    using disk = Mount.image(image);
    const run = runs.begun(disk.folder);
    const server = new HeldServer(run.folder);
    const witness = new Witness(run.folder, server);
    await Promise.race([sleep(trial.draw(`instant ${tries}`) * runs.duration), server.ended]);
    if (server.hasEnded) continue;
    const { engine } = server;
    process.kill(-server.pid, "SIGSTOP");
    const all = engine === undefined ? [server.pid] : [server.pid, engine];
    await until("both to stand still", () => server.hasEnded || all.every((pid) => !isAlive(pid) || standsStill(pid)));
    copyFileSync(image, remains);
    await server.killWithEngine();
    await witness.settled();
    for (const pid of all) await until("the end of both", () => !isAlive(pid));
    disk.replaceBy(remains);
    assert.equal(run.record.name, runs.experiment.name, "the record that was there before is there");
    runs.nothingLost(run, witness.step);
    await runs.endsTheSame(run);
    trial.struck(witness.activity, "resumed, identical, nothing lost");
    number++;
  }
});
