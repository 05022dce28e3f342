/** The extension host's end of a check: starts the process, gathers what it finds, and ends it where the person does not wait. */
import { type ChildProcess, fork } from "node:child_process";
import { Value } from "@sinclair/typebox/value";
import { InputError } from "../../schemas/problem.ts";
import { cleanEnvironment, NODE_OPTIONS_OF_OURS } from "../../server/training/nodeProcess.ts";
import {
  CheckMessage,
  type CheckRequest,
  type CheckSummary,
  type CheckMessage as Message,
  type Page,
  type PageFinding,
} from "./messages.ts";

/** Of the process, megabytes: twice what the facts of the most records that are compared take. */
const HEAP = 3584;
/** Of what a dying process had to say, UTF-16 units. */
const LAST_WORDS = 4000;

export interface CheckedFile {
  file: string;
  summary: CheckSummary;
  pages: readonly Page[];
  /** As many as the setting allows, in the order in which they were found. */
  findings: readonly PageFinding[];
}

export interface CheckOptions {
  signal: AbortSignal;
  /** Told how much is done, from 0 to 1. */
  progress(done: number): void;
}

/**
 * @param program the process's bundle or source
 * @throws InputError where the file cannot be checked; AbortError where the signal came; Error where the process died
 */
export function runCheck(
  program: string,
  request: CheckRequest,
  { signal, progress }: CheckOptions,
): Promise<CheckedFile> {
  const { promise, resolve, reject } = Promise.withResolvers<CheckedFile>();
  const child = start(program);
  const pages: Page[] = [];
  const findings: PageFinding[] = [];
  let summary: CheckSummary | undefined;
  let lastWords = "";
  const take = (message: Message): void => {
    if (message.kind === "progress") progress(message.done);
    else if (message.kind === "pages") pages.push(...message.pages);
    else if (message.kind === "findings") findings.push(...message.findings);
    else if (message.kind === "refused") reject(new InputError(message.sentence));
    else summary = message.summary;
  };
  const cancel = (): void => {
    reject(new DOMException("The check was cancelled", "AbortError"));
    child.kill("SIGKILL");
  };
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS);
  });
  child.on("message", (message: unknown) => {
    if (Value.Check(CheckMessage, message)) take(message);
    else reject(new Error("The process that checks files sent something that is not known."));
  });
  child.once("error", reject);
  child.once("close", (code, killed) => {
    signal.removeEventListener("abort", cancel);
    if (summary !== undefined) resolve({ file: request.file, summary, pages, findings });
    else reject(new Error(`The check ended unexpectedly (${killed ?? `exit code ${code}`}). ${lastWords}`.trimEnd()));
  });
  if (signal.aborted) cancel();
  else {
    signal.addEventListener("abort", cancel, { once: true });
    child.send(request, (error) => {
      if (error) reject(error);
    });
  }
  return promise;
}

const start = (program: string): ChildProcess =>
  fork(program, [], {
    // The host's own options, as a debugger's, are not the process's.
    execArgv: [`--max-old-space-size=${HEAP}`, ...NODE_OPTIONS_OF_OURS],
    env: cleanEnvironment(),
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
