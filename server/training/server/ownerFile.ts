/** A file that names the process which owns something, and keeps every other process from it while that one lives. */
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { ServerFile } from "../../../schemas/protocol.ts";
import { writeJson } from "../../store/atomicFile.ts";
import { conforms } from "../conforms.ts";
import { type Liveness, livenessOf, startOf } from "./liveness.ts";

/** An owner that has not died as far as can be seen from here. */
export interface Owner {
  server: ServerFile;
  liveness: Exclude<Liveness, "dead">;
}

/** What the file says; undefined where there is none or it says nothing that can be read. */
export function readOwner(file: string): ServerFile | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return conforms(ServerFile, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The living owner. A file that a dead one left is removed. */
export function findOwner(file: string): Owner | undefined {
  const server = readOwner(file);
  if (server === undefined) return undefined;
  const liveness = livenessOf(server);
  if (liveness !== "dead") return { server, liveness };
  removeStale(file, server);
  return undefined;
}

/**
 * Makes this process the owner. The file appears whole, and only where there was none: of two that claim at once, one
 * gets it.
 *
 * @param socket address the owner answers at; empty where it answers at none
 * @returns a function that gives the file free again, or the owner that has it
 */
export function claimFile(file: string, socket: string): (() => void) | Owner {
  const own: ServerFile = { pid: process.pid, started: startOf(process.pid), hostname: hostname(), socket };
  const aside = `${file}.claim-${process.pid}-${randomBytes(4).toString("hex")}`;
  writeJson(aside, own);
  try {
    while (!linked(aside, file)) {
      const other = findOwner(file);
      if (other) return other;
      if (readOwner(file) === undefined) rmSync(file, { force: true }); // unreadable: nobody can be behind it
    }
  } finally {
    rmSync(aside, { force: true });
  }
  return () => {
    if (readOwner(file)?.pid === process.pid) rmSync(file, { force: true });
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

/** Takes a dead owner's file away, and puts it back where another turned out to have written it meanwhile. */
function removeStale(file: string, stale: ServerFile): void {
  const taken = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, taken);
  } catch {
    return; // gone already
  }
  const found = readOwner(taken);
  if (found?.pid !== stale.pid || found.started !== stale.started) linked(taken, file);
  rmSync(taken, { force: true });
}
