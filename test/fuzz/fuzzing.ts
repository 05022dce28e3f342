/** Fuzzing of one target from outside: a thread for its cases, another one behind each case that ends a thread. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { caseOf } from "./cases.ts";
import type { Finding, Outcome, Range } from "./runner.ts";
import { shrunk } from "./shrink.ts";
import { targetNamed } from "./targets/index.ts";
import type { ThreadStart } from "./thread.ts";

/** Heap of a thread, MiB: many times what any of these inputs needs. */
const HEAP = 256;
/** A case that has not ended after so long never will, milliseconds; it may have to wait for the processor. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 500;
/** Threads that end one after another before a target is given up. */
const MOST_DEATHS = 5;
/** In place of a case's number, while seeds are made. */
const NOT_BEGUN = -1;
/** Each of these costs a thread. */
const MOST_SHRINKING = 8;

export type Progress = (target: string, done: number, of: number) => void;

/** What became of a thread. */
type Ended = { kind: "done"; outcome: Outcome } | (Pick<Finding, "kind" | "text"> & { number: number });

export async function fuzz(name: string, { seed, first, end }: Range, progress: Progress = () => {}): Promise<Outcome> {
  const all: Outcome = { slowest: { milliseconds: 0, number: first }, findings: [], failed: 0 };
  let from = first;
  for (let deaths = 0; from < end && deaths < MOST_DEATHS; ) {
    // A thread that has lived long has more than one case to blame; so a death costs at most so many again.
    const range = { seed, first: from, end: Math.min(end, from + 20_000) };
    const ended = await inThread(name, range);
    if (ended.kind === "done") {
      add(all, ended.outcome);
      from = range.end;
      progress(name, from - first, end - first);
      continue;
    }
    deaths++;
    // What came before it is not lost, and neither are findings in it.
    const before = ended.number > from ? await inThread(name, { ...range, end: ended.number }) : undefined;
    if (before?.kind === "done") add(all, before.outcome);
    add(all, {
      slowest: { milliseconds: 0, number: ended.number },
      failed: 1,
      findings: [await finding(name, seed, ended)],
    });
    from = ended.number + 1;
  }
  return all;
}

function add(all: Outcome, { slowest, findings, failed }: Outcome): void {
  if (slowest.milliseconds > all.slowest.milliseconds) all.slowest = slowest;
  all.failed += failed;
  for (const finding of findings)
    if (!all.findings.some(({ signature }) => signature === finding.signature)) all.findings.push(finding);
}

async function finding(name: string, seed: number, { kind, text, number }: Exclude<Ended, { kind: "done" }>) {
  const place = placeForFolders();
  const input = await inputOf(name, seed, number, place);
  const fails = async (only: Uint8Array): Promise<boolean> =>
    (await inThread(name, { seed, first: number, end: number + 1 }, only)).kind === kind;
  const smallest = await shrunk(input, fails, MOST_SHRINKING);
  return { kind, target: name, number, signature: `${kind} that ended its thread`, text, input: smallest };
}

/** The case itself, made where nothing reads it. */
async function inputOf(name: string, seed: number, number: number, place = placeForFolders()) {
  const folder = mkdtempSync(join(place, "fuzz-"));
  try {
    const target = targetNamed(name);
    return caseOf(target, await target.seeds(folder), seed, number);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Folders that are made and emptied a million times should not wear a disk out. */
function placeForFolders(): string {
  return existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
}

async function inThread(target: string, range: Range, only?: Uint8Array): Promise<Ended> {
  // A thread that is ended from outside leaves its files.
  const place = mkdtempSync(join(placeForFolders(), "fuzz-"));
  try {
    return await endOfThread(target, { ...range, place, ...(only && { only }) });
  } finally {
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  }
}

function endOfThread(target: string, range: Range & Pick<ThreadStart, "place" | "only">): Promise<Ended> {
  const running = new SharedArrayBuffer(4);
  Atomics.store(new Int32Array(running), 0, NOT_BEGUN);
  const start: ThreadStart = { ...range, target, running };
  const worker = new Worker(join(import.meta.dirname, "thread.ts"), {
    workerData: start,
    resourceLimits: { maxOldGenerationSizeMb: HEAP },
  });
  const current = (): number => Atomics.load(new Int32Array(running), 0);
  return new Promise((resolve, reject) => {
    let [last, since] = [-1, performance.now()];
    const timer = setInterval(() => {
      if (current() !== last) [last, since] = [current(), performance.now()];
      else if (performance.now() - since > PATIENCE_MS)
        end({ kind: "hang", text: `had not ended after ${PATIENCE_MS / 1000} s`, number: last });
    }, LOOK_MS);
    const end = (ended: Ended): void => {
      clearInterval(timer);
      void worker.terminate().then(() => resolve(ended));
    };
    worker.once("message", (outcome: Outcome) => end({ kind: "done", outcome }));
    worker.once("error", (error: NodeJS.ErrnoException) => {
      if (current() === NOT_BEGUN) return reject(error);
      if (error.code === "ERR_WORKER_OUT_OF_MEMORY")
        return end({ kind: "memory", text: `took more than ${HEAP} MiB of the heap`, number: current() });
      end({ kind: "crash", text: `ended its thread: ${error.stack ?? error.message}`, number: current() });
    });
    worker.once("exit", (code) => {
      clearInterval(timer);
      if (code !== 0 && code !== 1) reject(new Error(`The thread of ${target} ended with ${code}`));
    });
  });
}
