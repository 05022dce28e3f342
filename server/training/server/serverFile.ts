/** `server.json` in the run folder: there while a server owns the run, and the lock that keeps a second one out. */
import { linkSync, readFileSync, renameSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import { ServerFile } from "../../../schemas/protocol.ts";
import { writeJson } from "../../store/atomicFile.ts";
import { conforms } from "../conforms.ts";
import { type Liveness, livenessOf, startOf } from "./liveness.ts";

export function serverFilePath(folder: string): string {
  return join(folder, "server.json");
}

/** What server.json says; undefined where there is none or it says nothing that can be read. */
export function readServerFile(folder: string): ServerFile | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(serverFilePath(folder), "utf8"));
    return conforms(ServerFile, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The server of a run as far as can be seen from here. A server.json that a dead server left is removed. */
export function findServer(folder: string): { server: ServerFile; liveness: Exclude<Liveness, "dead"> } | undefined {
  const server = readServerFile(folder);
  if (server === undefined) return undefined;
  const liveness = livenessOf(server);
  if (liveness !== "dead") return { server, liveness };
  removeStale(folder, server);
  return undefined;
}

/**
 * Makes this process the run's server. The file appears whole, and only where there was none: of two servers that start
 * at once, one gets it.
 *
 * @returns a function that gives the run free again
 * @throws InputError where another server has the run
 */
export function claim(folder: string, socket: string): () => void {
  const own: ServerFile = { pid: process.pid, started: startOf(process.pid), hostname: hostname(), socket };
  const file = serverFilePath(folder);
  const aside = `${file}.claim-${process.pid}`;
  writeJson(aside, own);
  try {
    for (;;) {
      if (linked(aside, file)) break;
      const other = findServer(folder);
      if (other) throw refusal(other.server, other.liveness, file);
      if (readServerFile(folder) === undefined) rmSync(file, { force: true }); // unreadable: nobody can be behind it
    }
  } finally {
    rmSync(aside, { force: true });
  }
  return () => {
    if (readServerFile(folder)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/** Gives the file a second name, which must be free. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Takes a dead server's file away, and puts it back where another server turned out to have written it meanwhile. */
function removeStale(folder: string, stale: ServerFile): void {
  const file = serverFilePath(folder);
  const taken = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, taken);
  } catch {
    return; // gone already
  }
  const found = JSON.parse(readFileSync(taken, "utf8")) as ServerFile;
  if (found.pid !== stale.pid || found.started !== stale.started) linked(taken, file);
  rmSync(taken, { force: true });
}

function refusal(server: ServerFile, liveness: Liveness, file: string): InputError {
  if (liveness === "elsewhere") {
    return new InputError(
      `a training server on ${server.hostname} has this run; stop it there, or remove this file if that machine no longer runs it`,
      { file },
    );
  }
  return new InputError(
    `a training server (process ${server.pid}) already has this run; attach to it or stop it first`,
    { file },
  );
}
