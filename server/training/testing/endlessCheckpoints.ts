/** A process that writes checkpoints until it is killed, going on from the newest whole one; prints each step that is finished. */
import { join } from "node:path";
import { cleanCheckpoints, latestCheckpoint, writeCheckpoint } from "../checkpoint.ts";
import { writeSafetensors } from "../engine/safetensors.ts";

const runDir = process.argv[2] as string;
cleanCheckpoints(runDir);
const first = (latestCheckpoint(runDir)?.step ?? 0) + 1;
for (let step = first; ; step++) {
  await writeCheckpoint(runDir, { step, optimizerStep: 2 * step, state: { step } }, 1, async (dir) => {
    for (const name of ["model", "optimizer"]) {
      const data = new Float32Array(20_000).fill(step);
      writeSafetensors(join(dir, `${name}.safetensors`), new Map([["w", { dtype: "F32", shape: [20_000], data }]]));
    }
  });
  console.log(step);
}
