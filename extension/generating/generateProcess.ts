/** The extension host's end of a generation: starts the process, and stops it where the person cancels. */
import { Value } from "@sinclair/typebox/value";
import { InputError } from "../../schemas/problem.ts";
import { ForkedProcess } from "../processes/forkedProcess.ts";
import { STOP } from "../processes/serveOne.ts";
import { type Generated, GenerateMessage, type GenerateRequest, type Generating } from "./messages.ts";

/** A process that does not stop by itself is killed, which costs its file nothing. Milliseconds. */
const STOP_MS = 10_000;

export interface GenerateOptions {
  /** Another Node than the editor's own. */
  node?: string | undefined;
  signal: AbortSignal;
  progress(progress: Generating): void;
  /** Told what a person should know meanwhile. */
  said(sentence: string): void;
}

/**
 * @param program the process's bundle or source
 * @returns undefined where it was stopped before it could say what there is
 * @throws InputError where experiment, file, judge or engine end it; Error where the process died
 */
export async function runGeneration(
  program: string,
  request: GenerateRequest,
  { node, signal, progress, said }: GenerateOptions,
): Promise<Generated | undefined> {
  if (signal.aborted) return undefined;
  let outcome: Generated | Error | undefined;
  const child = new ForkedProcess(program, {
    node,
    take: (message) => {
      if (!Value.Check(GenerateMessage, message))
        outcome = new Error("The process that generates trajectories said what is not known.");
      else if (message.kind === "said") said(message.sentence);
      else if (message.kind === "refused") outcome = new InputError(message.sentence);
      else if (message.kind === "progress") progress(message);
      else outcome = message;
    },
  });
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.send(STOP);
    timer = setTimeout(() => child.kill(), STOP_MS);
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    child.send(request);
    const how = await child.ended;
    if (outcome instanceof Error) throw outcome;
    if (outcome === undefined && !signal.aborted) throw child.unexpectedEnd("The generation", how);
    return outcome;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
