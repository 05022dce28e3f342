/** What processes ask the system about sockets, as strace sees it: where it is installed, and may trace. */
import { type SpawnSyncOptions, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

/** Why nothing can be traced here; false where it can. */
export function tracingFault(): string | false {
  if (process.platform !== "linux") return "strace is Linux's";
  const { status, error } = spawnSync("strace", ["-f", "-e", "trace=socket", "true"]);
  if (error !== undefined) return "strace is not installed: apt-get install strace";
  return status === 0 ? false : "this system lets nobody trace";
}

const PATIENCE = 170_000;

/** @param folder for the trace; every process that the command starts, and that those start, is in it */
export function traced(folder: string, command: readonly string[], options: SpawnSyncOptions) {
  const file = path.join(folder, "trace");
  const { status, stderr } = spawnSync(
    "strace",
    ["-f", "-qq", "-o", file, "-e", "trace=execve,socket,connect,bind,sendto,sendmsg,sendmmsg", ...command],
    { ...options, encoding: "utf8", timeout: PATIENCE },
  );
  return { status, stderr: String(stderr), calls: readFileSync(file, "utf8") };
}

/** Lines that are about another machine: everything of the internet's address families, loopback included. */
export const internetCalls = (calls: string): string[] =>
  calls.split("\n").filter((line) => /\b(AF|PF|sa_family=AF)_INET6?\b/.test(line));
