/** A run that stores rollouts at a steady rate: `streamRollouts.ts <folder> <first step> <groups> <group size> <steps> <milliseconds>`. */
import { setTimeout as pause } from "node:timers/promises";
import { stepOf } from "../../extension/rollouts/testing/madeRun.ts";
import { RunWriter } from "../../server/store/writer.ts";

const [folder = "", ...numbers] = process.argv.slice(2);
const [first = 1, groups = 1, groupSize = 1, steps = 1, milliseconds = 100] = numbers.map(Number);
const padding = { thought: 1200, promptLength: 1500 };

using writer = RunWriter.open(folder);
const started = performance.now();
for (let index = 0; index < steps; index++) {
  writer.recordStep(stepOf(first + index, groups, groupSize, 400, padding));
  const left = started + (index + 1) * milliseconds - performance.now();
  if (left > 0) await pause(left);
}
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000 }));
