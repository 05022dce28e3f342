/** The thread that a researcher's reward runs in: loads the file once, answers one question after the other. */
import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { RewardFunction } from "../../../schemas/rewardFunction.ts";
import type { Answer, Question, WorkerStart } from "./messages.ts";

const port = parentPort;
if (port === null) throw new Error("This is no program of its own");
const { file } = workerData as WorkerStart;
const say = (answer: Answer): void => port.postMessage(answer);

/** What a reward prints is for the log, since standard output may be somebody's data; at once, since a call may end with its thread. */
function log(chunk: string | Uint8Array): boolean {
  writeSync(2, typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return true;
}
process.stdout.write = log;
process.stderr.write = log;

function isFunction(value: unknown): value is RewardFunction {
  return typeof value === "function";
}

async function load(): Promise<RewardFunction | string> {
  try {
    const module: { default?: unknown } = await import(pathToFileURL(file).href);
    if (isFunction(module.default)) return module.default;
    // A CommonJS file has its whole `module.exports` as the default, which TypeScript's output nests once more.
    const inner = (module.default as { default?: unknown } | undefined)?.default;
    return isFunction(inner) ? inner : "it has no function as its default export";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_UNKNOWN_FILE_EXTENSION")
      return `this Node (${process.version}) cannot read TypeScript; write the reward in JavaScript, or use Node 22.18 or newer`;
    return `it cannot be loaded: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

const reward = await load();
if (typeof reward === "string") say({ kind: "refused", why: reward });
else {
  port.on("message", async ({ id, input }: Question) => {
    try {
      say({ kind: "value", id, value: await reward(input) });
    } catch (error) {
      const thrown = error instanceof Error ? error : new Error(String(error));
      say({ kind: "thrown", id, message: thrown.message, stack: thrown.stack ?? "" });
    }
  });
  say({ kind: "ready" });
}
