/** Cases of one target, one after the other, with what each of them cost. */
import { getHeapStatistics } from "node:v8";
import { caseOf } from "./cases.ts";
import { shrunk } from "./shrink.ts";
import { defectOf, type Read, type Target } from "./target.ts";

/** Longest time of the processor that a case may take, milliseconds; a loaded machine makes cases wait, which is not counted. */
export const HANG_MS = 200;
/** Memory outside the heap that a case may leave behind, bytes; the heap has the thread's own limit. */
const LARGEST = 64 * 2 ** 20;
/** Tries of making an input smaller, and time that all of them may take, milliseconds. */
const MOST_SHRINKING = 3000;
const SHRINKING_MS = 5000;
/** A slow input is looked at more often before it is called slow: compiling and collecting are nobody's fault. */
const SLOW_LOOKS = 3;

export interface Finding {
  kind: "crash" | "hang" | "memory";
  target: string;
  number: number;
  signature: string;
  text: string;
  input: Uint8Array;
}

export interface Range {
  seed: number;
  first: number;
  /** Number behind the last. */
  end: number;
}

export interface Outcome {
  slowest: { milliseconds: number; number: number };
  /** One for each signature. */
  findings: Finding[];
  /** Cases that failed, those of one signature each for itself. */
  failed: number;
}

interface Failure extends Pick<Finding, "kind" | "signature" | "text"> {}

interface Look {
  milliseconds: number;
  failure?: Failure;
}

/** @param begun told the number of each case before it begins */
export async function runCases(
  target: Target,
  read: Read,
  seeds: readonly Uint8Array[],
  { seed, first, end }: Range,
  begun: (number: number) => void = () => {},
): Promise<Outcome> {
  const findings = new Map<string, Finding>();
  const outcome: Outcome = { slowest: { milliseconds: 0, number: first }, findings: [], failed: 0 };
  for (let number = first; number < end; number++) {
    begun(number);
    const input = caseOf(target, seeds, seed, number);
    const { milliseconds, failure } = await looked(read, input);
    if (milliseconds > outcome.slowest.milliseconds) outcome.slowest = { milliseconds, number };
    if (failure === undefined) continue;
    outcome.failed++;
    if (findings.has(failure.signature)) continue;
    const fails = async (smaller: Uint8Array): Promise<boolean> => {
      const again = (await looked(read, smaller)).failure;
      return again?.kind === failure.kind && again.signature === failure.signature;
    };
    const smallest = await shrunk(input, fails, Math.min(MOST_SHRINKING, Math.ceil(SHRINKING_MS / (1 + milliseconds))));
    findings.set(failure.signature, { ...failure, target: target.name, number, input: smallest });
  }
  return { ...outcome, findings: [...findings.values()] };
}

async function looked(read: Read, input: Uint8Array): Promise<Look> {
  let look = await lookedOnce(read, input);
  for (let more = 1; more < SLOW_LOOKS && look.milliseconds > HANG_MS && look.failure === undefined; more++) {
    const again = await lookedOnce(read, input);
    if (again.milliseconds < look.milliseconds) look = again;
  }
  if (look.milliseconds <= HANG_MS || look.failure !== undefined) return look;
  const text = `took ${look.milliseconds.toFixed(0)} ms of the processor`;
  return { ...look, failure: { kind: "hang", signature: "hang", text } };
}

async function lookedOnce(read: Read, input: Uint8Array): Promise<Look> {
  const before = getHeapStatistics().external_memory;
  const began = processorTime();
  const failure = await failureOf(read, input);
  const milliseconds = processorTime() - began;
  if (failure !== undefined) return { milliseconds, failure };
  const grown = getHeapStatistics().external_memory - before;
  if (grown <= LARGEST) return { milliseconds };
  const text = `left ${(grown / 2 ** 20).toFixed(0)} MiB outside the heap behind`;
  return { milliseconds, failure: { kind: "memory", signature: "memory", text } };
}

async function failureOf(read: Read, input: Uint8Array): Promise<Failure | undefined> {
  try {
    const reading = read(input);
    if (reading !== undefined) await reading;
  } catch (error) {
    const defect = defectOf(error);
    return defect && { kind: "crash", ...defect };
  }
  return Reflect.has(Object.prototype, "polluted")
    ? { kind: "crash", signature: "pollution", text: "it changed what every object inherits" }
    : undefined;
}

/** Of this thread, milliseconds. */
function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
