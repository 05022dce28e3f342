/** The extension host's end of a check: starts the process, gathers what it finds, and ends it where the person does not wait. */
import { Value } from "@sinclair/typebox/value";
import { InputError } from "../../schemas/problem.ts";
import { ForkedProcess } from "../processes/forkedProcess.ts";
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
export async function runCheck(
  program: string,
  request: CheckRequest,
  { signal, progress }: CheckOptions,
): Promise<CheckedFile> {
  signal.throwIfAborted();
  const pages: Page[] = [];
  const findings: PageFinding[] = [];
  let outcome: CheckSummary | Error | undefined;
  const take = (message: Message): void => {
    if (message.kind === "progress") progress(message.done);
    else if (message.kind === "pages") pages.push(...message.pages);
    else if (message.kind === "findings") findings.push(...message.findings);
    else if (message.kind === "refused") outcome = new InputError(message.sentence);
    else outcome = message.summary;
  };
  const child = new ForkedProcess(program, {
    heap: HEAP,
    take: (message) => {
      if (Value.Check(CheckMessage, message)) take(message);
      else outcome = new Error("The process that checks files sent something that is not known.");
    },
  });
  const cancel = (): void => child.kill();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    child.send(request);
    const how = await child.ended;
    if (signal.aborted) throw new DOMException("The check was cancelled", "AbortError");
    if (outcome instanceof Error) throw outcome;
    if (outcome === undefined) throw child.unexpectedEnd("The check", how);
    return { file: request.file, summary: outcome, pages, findings };
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
