/**
 * A run that stores rollouts at a steady rate: `streamRollouts.ts <folder> <first step> <groups> <group size> <steps> <milliseconds>`.
 * Prints when each step was on the disk, in milliseconds of the clock on the wall.
 */
import { setTimeout as pause } from "node:timers/promises";
import { RunWriter } from "../../server/store/writer.ts";
import { thoughtfulStep } from "../view/madeStore.ts";

const [folder = "", ...numbers] = process.argv.slice(2);
const [first = 1, groups = 1, groupSize = 1, steps = 1, milliseconds = 100] = numbers.map(Number);

using writer = RunWriter.open(folder);
const committed: number[] = [];
const started = performance.now();
for (let index = 0; index < steps; index++) {
  writer.recordStep(thoughtfulStep(first + index, { groups, groupSize, rows: 400 }));
  committed.push(performance.timeOrigin + performance.now());
  const left = started + (index + 1) * milliseconds - performance.now();
  if (left > 0) await pause(left);
}
const { user, system } = process.cpuUsage();
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, committed, cpuMilliseconds: (user + system) / 1000 }));
