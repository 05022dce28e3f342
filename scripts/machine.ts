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

/**
 * Begins to watch how much of its processors a virtual machine does not get; what it returns tells the share since then, undefined where
 * the system does not count it. Nothing else here sees it: to processes it is time in which they were slow.
 */
export function watchStolen(): () => number | undefined {
  const before = processorTicks();
  return () => {
    const after = processorTicks();
    return before && after && (after.stolen - before.stolen) / Math.max(1, after.all - before.all);
  };
}

/** Of all cores since the system's start, as proc(5) has them: user, nice, system, idle, iowait, irq, softirq, steal. */
function processorTicks(): { all: number; stolen: number } | undefined {
  if (process.platform !== "linux") return undefined;
  const ticks = /^cpu +(.*)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]?.split(" ").slice(0, 8).map(Number);
  return ticks && { all: ticks.reduce((sum, one) => sum + one, 0), stolen: ticks[7] ?? 0 };
}
