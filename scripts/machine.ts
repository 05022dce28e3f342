/** What a measurement was made on. */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";

export interface Machine {
  processor: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  onnxruntime: string;
}

export function describeMachine(): Machine {
  const manifest = new URL("../node_modules/onnxruntime-node/package.json", import.meta.url);
  return {
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    onnxruntime: (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version,
  };
}

/** Share of the time the cores were busy while nothing of ours ran, over a second: a benchmark wants it near 0. */
export async function otherLoad(): Promise<number> {
  const sum = () =>
    cpus().reduce(
      ({ busy, all }, { times: { user, nice, sys, idle, irq } }) => ({
        busy: busy + user + nice + sys + irq,
        all: all + user + nice + sys + irq + idle,
      }),
      { busy: 0, all: 0 },
    );
  const before = sum();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const after = sum();
  return (after.busy - before.busy) / Math.max(1, after.all - before.all);
}
