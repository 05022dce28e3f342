/** A process that stores steps until it is killed; prints a line once the first is stored. */
import { RunWriter } from "../writer.ts";
import { stepAt } from "./rollouts.ts";

const writer = RunWriter.open(process.argv[2] as string);
for (let step = 1; ; step++) {
  writer.recordStep(stepAt(step));
  if (step === 1) console.log("writing");
}
