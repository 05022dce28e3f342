/** `server.json` in the run folder: there while a server owns the run, and the lock that keeps a second one out. */
import { join } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import type { ServerFile } from "../../../schemas/protocol.ts";
import { claimFile, findOwner, type Owner, readOwner } from "./ownerFile.ts";

export function serverFilePath(folder: string): string {
  return join(folder, "server.json");
}

/** What server.json says; undefined where there is none or it says nothing that can be read. */
export function readServerFile(folder: string): ServerFile | undefined {
  return readOwner(serverFilePath(folder));
}

/** The server of a run as far as can be seen from here. A server.json that a dead server left is removed. */
export function findServer(folder: string): Owner | undefined {
  return findOwner(serverFilePath(folder));
}

/**
 * Makes this process the run's server.
 *
 * @returns a function that gives the run free again
 * @throws InputError where another server has the run
 */
export function claim(folder: string, socket: string): () => void {
  const file = serverFilePath(folder);
  const claimed = claimFile(file, socket);
  if (typeof claimed === "function") return claimed;
  throw refusal(claimed, file);
}

function refusal({ server, liveness }: Owner, file: string): InputError {
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
