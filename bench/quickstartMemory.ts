/** Peak memory of a quickstart run: both of its processes, at their own highest. Linux only. */
import { peakMegabytes } from "./processMemory.ts";
import { startQuickstart, until } from "./quickstartRun.ts";
import type { Row } from "./report.ts";

/** Enough for probe, evaluation, sampling and updates to have reached their highest. */
const STEPS = 6;

export async function quickstartMemory(): Promise<Row[]> {
  if (process.platform !== "linux") return [];
  const run = await startQuickstart(1000);
  try {
    const { pid, enginePid, step } = await until(run.client, 600, (snapshot) => snapshot.step >= STEPS);
    const [server, engine] = [peakMegabytes(pid), peakMegabytes(enginePid)];
    await run.client.stop();
    await run.client.closed;
    return [
      {
        what: `memory of a quickstart run (probe, evaluation, ${STEPS} steps)`,
        ours: `${server + engine} MB (engine ${engine}, server ${server})`,
        peer: "",
        ratio: "",
        bar: "< 1,500 MB",
        data: { server, engine, step },
      },
    ];
  } finally {
    run.client.close();
    run.remove();
  }
}
