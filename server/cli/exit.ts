/** How a command ends: 0 done, 1 an input is at fault, 2 the command line is misused, 70 a defect of ours. */
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { CommanderError } from "commander";
import { describe, InputError } from "../../schemas/problem.ts";
import { plain } from "../toolcalls/display.ts";
import { errorLogFile } from "../training/server/places.ts";

export const ExitCode = { done: 0, input: 1, misuse: 2, defect: 70 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Longest sentence that is printed of an error, UTF-16 units. */
const SENTENCE = 2000;

/** Says in one sentence what went wrong and returns the exit code. */
export function explain(error: unknown): ExitCode {
  // commander has already printed its own message or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.misuse;
  if (error instanceof InputError) {
    process.stderr.write(`${plain(describe(error), SENTENCE)}\n`);
    return ExitCode.input;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`A defect of ToolExpander: ${plain(message, SENTENCE)}. ${whereLogged(error)}\n`);
  return ExitCode.defect;
}

function whereLogged(error: unknown): string {
  try {
    const file = errorLogFile();
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const details = error instanceof Error ? error.stack : String(error);
    appendFileSync(file, `${new Date().toISOString()} ${process.argv.slice(2).join(" ")}\n${details}\n\n`, {
      mode: 0o600,
    });
    return `The details are in ${file}.`;
  } catch {
    return "The details could not be logged.";
  }
}
