/** Devices tried one after another, each in a process of its own. */
import { availableParallelism, cpus } from "node:os";
import { CHECKED_DEVICES, type CheckedDevice, type DeviceReport } from "../../../../../schemas/devices.ts";
import { runtimeLibraries } from "../cuda/runtimePackage.ts";
import { freeHostMemory, totalHostMemory } from "../memory/hostMemory.ts";
import { type Card, graphicsCard } from "./graphicsCards.ts";
import { reportOf } from "./report.ts";
import { systemFacts } from "./systemFacts.ts";
import { runSelfTest, type TestOptions } from "./testProcess.ts";

export interface CheckOptions extends Partial<TestOptions> {
  devices?: readonly CheckedDevice[];
  /** Called before each stage of a device's test. */
  progress?: (device: CheckedDevice, stage: string) => void;
}

/** Yields each device's report as it is there. Throws an AbortError where the signal says so. */
export async function* checkDevices(options: CheckOptions = {}): AsyncGenerator<DeviceReport> {
  const { devices = CHECKED_DEVICES, progress, threads = availableParallelism(), ...rest } = options;
  const facts = await systemFacts(runtimeLibraries());
  const graphics = await graphicsCard();
  for (const device of devices) {
    const stage = (name: string): void => progress?.(device, name);
    const outcome = await runSelfTest(device, { ...rest, threads, stage });
    yield reportOf(device, outcome, { facts, card: device === "cpu" ? processor(threads) : graphics });
  }
}

export async function allReports(options: CheckOptions = {}): Promise<DeviceReport[]> {
  const reports: DeviceReport[] = [];
  for await (const report of checkDevices(options)) reports.push(report);
  return reports;
}

function processor(threads: number): Card {
  const name = `${cpus()[0]?.model.trim() ?? process.arch}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return { name, memory: { total: totalHostMemory(), free: freeHostMemory() } };
}
