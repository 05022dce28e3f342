/** The extension host's end of an export: starts the process, and ends it, with what it had begun, where the person cancels. */
import { rmSync } from "node:fs";
import { Value } from "@sinclair/typebox/value";
import { InputError } from "../../schemas/problem.ts";
import { asideOf } from "../../server/training/writtenFolder.ts";
import { ForkedProcess } from "../processes/forkedProcess.ts";
import { ExportMessage, type ExportRequest, type FinishedExport } from "./messages.ts";

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
  let outcome: FinishedExport | Error | undefined;
  const child = new ForkedProcess(program, {
    take: (message) => {
      if (!Value.Check(ExportMessage, message)) outcome = new Error("The process that exports said what is not known.");
      else if (message.kind === "found") found(message.step);
      else if (message.kind === "refused") outcome = new InputError(message.sentence);
      else outcome = { folder: message.folder, step: message.step, bytes: message.bytes };
    },
  });
  const cancel = (): void => child.kill();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    child.send(request);
    const how = await child.ended;
    if (outcome !== undefined && !(outcome instanceof Error)) return outcome;
    if (signal.aborted) throw new DOMException("The export was cancelled", "AbortError");
    throw outcome ?? child.unexpectedEnd("The export", how);
  } finally {
    signal.removeEventListener("abort", cancel);
    // It is gone now, and could not clear up by itself where it was killed.
    if (child.pid !== undefined) rmSync(asideOf(request.to, child.pid), { recursive: true, force: true });
  }
}
