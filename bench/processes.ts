/** Running a measurement in a process of its own: ours, or a peer's in Python. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { TreeMemory } from "./processMemory.ts";

/** A Python that has torch and transformers, or undefined: then the peers are left out, and the table says so. */
export const python = process.env.TOOLEXPANDER_PYTHON;

export function worker<T>(name: string, settings: object): Promise<T> {
  return json<T>(process.execPath, [join(import.meta.dirname, "workers", name), JSON.stringify(settings)]);
}

/** @param started is told the process's id */
export function peer<T>(name: string, settings: object, started?: (pid: number) => void): Promise<T> {
  if (python === undefined) throw new Error("No Python was named for the peers");
  return json<T>(python, [join(import.meta.dirname, "peers", name), JSON.stringify(settings)], started);
}

/** What the peers are, by name and version: `torch 2.15.0, …`. */
export async function peerVersions(): Promise<string> {
  const versions = await peer<Record<string, string>>("versions.py", {});
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}

/** Runs a peer, and tells the highest memory that its processes had together. */
export async function peerWithMemory<T>(name: string, settings: object): Promise<{ result: T; megabytes: number }> {
  let memory: TreeMemory | undefined;
  const result = await peer<T>(name, settings, (pid) => {
    memory = new TreeMemory(pid);
  });
  return { result, megabytes: memory?.end() ?? 0 };
}

/** Runs a program that ends by printing one JSON object on its last line. */
async function json<T>(program: string, args: string[], started?: (pid: number) => void): Promise<T> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  if (child.pid !== undefined) started?.(child.pid);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const ending = await new Promise<number | string>((resolve, reject) =>
    child.once("error", reject).once("close", (code, signal) => resolve(code ?? signal ?? "nothing")),
  );
  // SIGKILL comes from the system where memory is out.
  if (ending !== 0) throw new Error(`${args[0]} ended with ${ending}`);
  return JSON.parse(output.trim().split("\n").at(-1) as string) as T;
}
