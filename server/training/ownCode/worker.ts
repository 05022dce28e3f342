/** The thread that a researcher's own code runs in: loads the file once, answers one question after the other. */
import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { Answer, OwnExport, Question, WorkerStart } from "./messages.ts";

const port = parentPort;
if (port === null) throw new Error("This is no program of its own");
const { file, exports } = workerData as WorkerStart;
const say = (answer: Answer): void => port.postMessage(answer);

/** What the code prints is for the log, since standard output may be somebody's data; at once, since a call may end with its thread. */
function log(chunk: string | Uint8Array): boolean {
  writeSync(2, typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return true;
}
process.stdout.write = log;
process.stderr.write = log;

type Callable = (input: unknown) => unknown;
type Functions = ReadonlyMap<string, Callable>;

/** The name that a file's only function has here. */
const ONLY = "";

const isFunction = (value: unknown): value is Callable => typeof value === "function";

const READERS: Record<OwnExport, (value: unknown) => Functions | undefined> = {
  function: (value) => (isFunction(value) ? new Map([[ONLY, value]]) : undefined),
  functions: (value) => {
    if (typeof value !== "object" || value === null) return undefined;
    const entries = Object.entries(value);
    const functions = entries.flatMap(([name, one]): [string, Callable][] => (isFunction(one) ? [[name, one]] : []));
    return functions.length === entries.length && entries.length > 0 ? new Map(functions) : undefined;
  },
};

const WANTED: Record<OwnExport, string> = {
  function: "it has no function as its default export",
  functions: "its default export is no object of functions by the names of tools",
};

async function load(): Promise<Functions | string> {
  try {
    const module: { default?: unknown } = await import(pathToFileURL(file).href);
    // A CommonJS file has its whole `module.exports` as the default, which TypeScript's output nests once more.
    const inner = (module.default as { default?: unknown } | undefined)?.default;
    const read = READERS[exports];
    return read(module.default) ?? read(inner) ?? WANTED[exports];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_UNKNOWN_FILE_EXTENSION")
      return `this Node (${process.version}) cannot read TypeScript; write it in JavaScript, or use Node 22.18 or newer`;
    return `it cannot be loaded: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

const functions = await load();
if (typeof functions === "string") say({ kind: "refused", why: functions });
else {
  port.on("message", async ({ id, name = ONLY, input }: Question) => {
    try {
      const value = await functions.get(name)?.(input);
      say({ kind: "value", id, value });
    } catch (error) {
      const thrown = error instanceof Error ? error : new Error(String(error));
      say({ kind: "thrown", id, message: thrown.message, stack: thrown.stack ?? "" });
    }
  });
  say({ kind: "ready", names: [...functions.keys()].filter((name) => name !== ONLY) });
}
