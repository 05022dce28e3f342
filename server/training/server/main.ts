/**
 * The training server: one detached process for one run. `main.ts <run folder>` begins the run or goes on from its last
 * checkpoint, answers clients meanwhile, and ends with the run. Exit codes: 0 finished or stopped, 1 failed, 70 a defect.
 */
import { resolve } from "node:path";
import { describe, InputError } from "../../../schemas/problem.ts";
import { readRunRecord, updateRunRecord } from "../../store/runFolder.ts";
import { Control } from "../control.ts";
import { Board } from "./board.ts";
import { socketPath } from "./places.ts";
import { claim } from "./serverFile.ts";
import { type Ending, Session } from "./session.ts";
import { listen } from "./socket.ts";
import { deviceOf } from "./supervisor.ts";
import { createToken, removeToken } from "./token.ts";

/** Serves a run to its end. */
export async function serve(folder: string): Promise<Ending> {
  const { experiment, plan } = readRunRecord(folder);
  const address = socketPath(folder);
  const release = claim(folder, address);
  try {
    const control = new Control(() => {
      board.follow();
      recordPause(folder, control);
    });
    const board = new Board(folder, { ...experiment, device: deviceOf(experiment, plan) }, control);
    const listener = await listen(address, createToken(folder), (client) => board.welcome(client));
    // A machine that shuts down, or a person who ends the process, gets the checkpoint a stop gets.
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => control.stop());
    try {
      const ending = await new Session(folder, experiment, control, board).run();
      await tellEnd(board, ending);
      return ending;
    } finally {
      await listener.close();
      removeToken(folder);
    }
  } finally {
    release();
  }
}

/** For those who look when nobody can be asked. A record that cannot be written now is no reason to refuse a pause. */
function recordPause(folder: string, { state }: Control): void {
  if (state !== "paused" && state !== "running") return;
  try {
    updateRunRecord(folder, { state });
  } catch (error) {
    process.stderr.write(
      `${new Date().toISOString()} warning: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}

async function tellEnd(board: Board, { state, message, fault }: Ending): Promise<void> {
  await board.end({
    state,
    enginePid: 0,
    ...(message === undefined ? {} : { message }),
    ...(fault === undefined ? {} : { defect: true }),
  });
}

/** After everything else, when what the server held of a full disk has been given back. */
function logEnd({ state, message, fault }: Ending): void {
  if (message !== undefined) process.stderr.write(`${new Date().toISOString()} ${state}: ${message}\n`);
  if (fault !== undefined) process.stderr.write(`${fault instanceof Error ? fault.stack : String(fault)}\n`);
}

// The log is a file: a disk that takes no more of it is the store's to report, and must not end the process before it did.
process.stderr.on("error", () => {});

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write("usage: main.ts <run folder>\n");
  process.exit(2);
}
serve(resolve(folder)).then(
  (ending) => {
    logEnd(ending);
    process.exit(ending.fault === undefined ? Number(ending.state === "failed") : 70);
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof InputError ? describe(error) : (error as Error)?.stack}\n`);
    process.exit(error instanceof InputError ? 1 : 70);
  },
);
