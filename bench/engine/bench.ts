/** What every part of the engine's benchmark is measured with. */
import { worker } from "../processes.ts";
import { median } from "../statistics.ts";
import type { Plan, Repetition } from "./plan.ts";

export interface Bench {
  plan: Plan;
  /** Whether its figures are held against bars. */
  barred: boolean;
  /** Rounds in which ours and the peer take turns. */
  rounds: number;
  threads: number;
  device: "cpu" | "webgpu";
  /** What PyTorch calls the device that the peers compute on. */
  peerDevice: string;
  /** Folder of the results, and what their files' names begin with. */
  out: string;
  name: string;
}

export function bar(text: string, { barred }: Bench): string {
  return barred ? text : "";
}

/** The same with other numbers of calls. */
export function repeated(bench: Bench, repetition: Repetition | undefined): Bench {
  if (repetition === undefined) return bench;
  const { rounds = bench.rounds, runs, warmup } = repetition;
  return { ...bench, rounds: Math.min(rounds, bench.rounds), plan: { ...bench.plan, runs, warmup } };
}

/** Calls of one process. */
export interface Timed {
  /** Milliseconds of each. */
  times: number[];
}

/** The device's own float32 matrix rate, GFLOP/s. */
export async function matrixRate({ device, threads, plan }: Bench): Promise<number> {
  const settings = { side: plan.matrixSide, device, threads, runs: 9 };
  const { times, operations } = await worker<Timed & { operations: number }>("matmul.ts", settings);
  return operations / median(times) / 1e6;
}

/** GB/s that an elementwise operator of the runtime reads and writes. */
export async function memoryRate({ device, threads, plan }: Bench): Promise<number> {
  const settings = { side: 2 * plan.matrixSide, device, threads, runs: 9 };
  const { times, bytes } = await worker<Timed & { bytes: number }>("memory.ts", settings);
  return bytes / median(times) / 1e6;
}
