/** The extension host's end of an export: starts the process, and ends it, with what it had begun, where the person cancels. */
import { type ChildProcess, fork } from "node:child_process";
import { rmSync } from "node:fs";
import { Value } from "@sinclair/typebox/value";
import { InputError } from "../../schemas/problem.ts";
import { cleanEnvironment, NODE_OPTIONS_OF_OURS } from "../../server/training/nodeProcess.ts";
import { asideOf } from "../../server/training/writtenFolder.ts";
import { ExportMessage, type ExportRequest, type FinishedExport } from "./messages.ts";

/** Of what a dying process had to say, UTF-16 units. */
const LAST_WORDS = 4000;

export interface ExportOptions {
  signal: AbortSignal;
  /** Told which step's checkpoint is exported. */
  found(step: number): void;
}

/**
 * @param program the process's bundle or source
 * @throws InputError where the run cannot be exported so; AbortError where the signal came; Error where the process died
 */
export async function runExport(
  program: string,
  request: ExportRequest,
  { signal, found }: ExportOptions,
): Promise<FinishedExport> {
  signal.throwIfAborted();
  const child = start(program);
  let outcome: FinishedExport | Error | undefined;
  let lastWords = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS);
  });
  child.on("message", (message: unknown) => {
    if (!Value.Check(ExportMessage, message)) outcome = new Error("The process that exports said what is not known.");
    else if (message.kind === "found") found(message.step);
    else if (message.kind === "refused") outcome = new InputError(message.sentence);
    else outcome = { folder: message.folder, step: message.step, bytes: message.bytes };
  });
  const cancel = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const ended = endOf(child);
    child.send(request, () => {}); // a process that cannot be told ends, which says why
    const how = await ended;
    if (outcome !== undefined && !(outcome instanceof Error)) return outcome;
    if (signal.aborted) throw new DOMException("The export was cancelled", "AbortError");
    throw outcome ?? new Error(`The export ended unexpectedly (${how}). ${lastWords}`.trimEnd());
  } finally {
    signal.removeEventListener("abort", cancel);
    // It is gone now, and could not clear up by itself where it was killed.
    if (child.pid !== undefined) rmSync(asideOf(request.to, child.pid), { recursive: true, force: true });
  }
}

/** Signal or exit code that the process ended with. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, killed) => resolve(killed ?? `exit code ${code}`));
  });
}

const start = (program: string): ChildProcess =>
  fork(program, [], {
    // The host's own options, as a debugger's, are not the process's.
    execArgv: NODE_OPTIONS_OF_OURS,
    env: cleanEnvironment(),
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
