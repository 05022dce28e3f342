/** Starts the training server of a run as a process that outlives whoever starts it. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { explainWriteError } from "../../store/diskErrors.ts";
import { entryPoint } from "../entryPoint.ts";
import { cleanEnvironment, NODE_OPTIONS_OF_OURS } from "../nodeProcess.ts";
import { findServer } from "../server/serverFile.ts";
import { connectToRun, type RunClient } from "./connect.ts";

/** Time a server may take to own its run, milliseconds; a cold disk under load is slow. */
const START_MS = 60_000;

export function logFile(folder: string): string {
  return join(folder, "server.log");
}

export interface StartOptions {
  /** Node to run it with; the one that runs this by default. */
  node?: string;
  /** The server's first module; beside this code by default. */
  entry?: string;
  /** Options for that Node, as `--inspect=127.0.0.1:0`. */
  nodeOptions?: readonly string[];
}

/** How a server that was started ended before anyone could connect to it. */
export interface EndedEarly {
  exitCode: number | null;
}

/**
 * Starts the server of a run folder, which begins the run or goes on from its last checkpoint.
 *
 * @returns a connection, or how the server ended where it was quicker than that; the run's record says what became of the run
 * @throws InputError where the run folder takes no log: then it would take nothing else either
 */
export async function startServer(folder: string, options: StartOptions = {}): Promise<RunClient | EndedEarly> {
  const log = openLog(logFile(folder));
  const child = spawn(
    options.node ?? process.execPath,
    [...NODE_OPTIONS_OF_OURS, ...(options.nodeOptions ?? []), options.entry ?? entryPoint("trainingServer"), folder],
    { detached: true, windowsHide: true, stdio: ["ignore", log, log], env: cleanEnvironment(), cwd: folder },
  );
  closeSync(log);
  const ended = new Promise<EndedEarly>((resolve, reject) => {
    child.once("exit", (exitCode) => resolve({ exitCode }));
    child.once("error", (error) => reject(new Error(`The training server could not be started: ${error.message}`)));
  });
  const controller = new AbortController();
  const connected = reachable(folder, controller.signal);
  connected.catch(() => {}); // lost to the exit
  try {
    return await Promise.race([connected, ended]);
  } finally {
    controller.abort();
    child.unref();
  }
}

function openLog(file: string): number {
  try {
    return openSync(file, "a");
  } catch (error) {
    throw explainWriteError(error, file, "the run is as it was");
  }
}

async function reachable(folder: string, signal: AbortSignal): Promise<RunClient> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const client = findServer(folder) && (await connectToRun(folder));
    if (client) return client;
    await sleep(25, undefined, { signal });
  }
  throw new Error(`The training server did not come up within ${START_MS / 1000} s`);
}

/** The last lines of the server's log, for a message about a server that is gone. */
export function logTail(folder: string): string {
  try {
    return readFileSync(logFile(folder), "utf8").trimEnd().split("\n").slice(-5).join("\n");
  } catch {
    return "";
  }
}
