/** SIGKILL at random instants: the server alone, both processes at once, the engine alone, the engine in the midst of a checkpoint. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { killProcess, until } from "../../server/training/testing/harness.ts";
import { faultTest, type Trial } from "./faultSuite.ts";
import { HeldServer } from "./heldServer.ts";
import { TinyRuns } from "./tinyRuns.ts";
import { Witness } from "./witness.ts";

const ENDING = "resumed, identical, nothing lost";
/** Lives that a run is given before it may come to its end. */
const LIVES = 4;
/** Three deaths of an engine without a new step between them end a run. */
const ENGINES = 2;
const notGroups = process.platform === "win32" && "Windows has no process groups";
/** Checkpoints of a run, and the time that one takes the engine, milliseconds. */
const SAVINGS = 4;
const SAVING_MS = 6;
/** The engine is looked for among the server's children. */
const notHere = process.platform !== "linux" && "the children of a process are read from /proc";

/** Kills servers until as many died as wanted; every run is gone on with to its end. */
async function killServers({ t, times, draw, struck }: Trial, kill: (server: HeldServer) => Promise<unknown>) {
  const runs = await TinyRuns.of(t);
  let [kills, draws] = [0, 0];
  while (kills < times) {
    const run = runs.begun();
    const places: string[] = [];
    while (places.length < LIVES && kills + places.length < times) {
      const server = new HeldServer(run.folder);
      const witness = new Witness(run.folder, server);
      await Promise.race([sleep(draw(`instant ${draws++}`) * runs.duration), server.ended]);
      // Over before its instant came: the next one's draw is another.
      if (server.hasEnded) break;
      await kill(server);
      await witness.settled();
      runs.nothingLost(run, witness.step);
      places.push(witness.activity);
    }
    await runs.endsTheSame(run);
    for (const place of places) struck(place, ENDING);
    kills += places.length;
  }
}

faultTest({ name: "SIGKILL of the server at a random instant", short: 3, share: 0.25 }, (trial) =>
  killServers(trial, (server) => server.kill()),
);

faultTest({ name: "SIGKILL of server and engine at once", short: 2, share: 0.1, skip: notGroups }, (trial) =>
  killServers(trial, (server) => server.killWithEngine()),
);

faultTest({ name: "SIGKILL of the engine at a random instant", short: 2, share: 0.2, skip: notHere }, async (trial) => {
  const runs = await TinyRuns.of(trial.t);
  for (let number = 0, tries = 0; number < trial.times; ) {
    const run = runs.begun();
    const server = new HeldServer(run.folder);
    const witness = new Witness(run.folder, server);
    const places: string[] = [];
    const killed = new Set<number>();
    while (places.length < ENGINES && number + places.length < trial.times && !server.hasEnded) {
      await Promise.race([sleep(trial.draw(`instant ${tries++}`) * (runs.duration / ENGINES)), server.ended]);
      await until("an engine that lives", () => server.hasEnded || (server.engine && !killed.has(server.engine)));
      const { engine } = server;
      if (engine === undefined || server.hasEnded) break;
      killProcess(engine);
      killed.add(engine);
      places.push(witness.activity);
    }
    assert.deepEqual(await server.ended, { code: 0, signal: null }, run.record.message);
    runs.isTheSame(run);
    for (const place of places) trial.struck(place, ENDING);
    number += places.length;
  }
});

faultTest(
  { name: "SIGKILL of the engine while it writes a checkpoint", short: 1, share: 0.1, skip: notHere },
  async (trial) => {
    const runs = await TinyRuns.of(trial.t);
    for (let number = 0, tries = 0; number < trial.times; tries++) {
      const run = runs.begun();
      const server = new HeldServer(run.folder);
      const wanted = Math.floor(trial.draw(`saving ${tries}`) * SAVINGS);
      const delay = trial.draw(`delay ${tries}`) * SAVING_MS;
      let savings = 0;
      let place: string | undefined;
      const kill = (step: number): void => {
        const { engine } = server;
        const final = join(run.folder, "checkpoints", `step-${step}`);
        if (engine === undefined || server.hasEnded || existsSync(final)) return;
        killProcess(engine);
        place = `the checkpoint of step ${step}`;
      };
      const witness = new Witness(run.folder, server, (client) => {
        client.on("state", ({ activity, step }) => {
          if (activity === "saving" && savings++ === wanted) setTimeout(() => kill(step), delay);
        });
      });
      assert.deepEqual(await server.ended, { code: 0, signal: null }, run.record.message);
      await witness.settled();
      runs.isTheSame(run);
      // The checkpoint was finished before the kill came: another run, another delay.
      if (place === undefined) continue;
      trial.struck(place, ENDING);
      number++;
    }
  },
);
