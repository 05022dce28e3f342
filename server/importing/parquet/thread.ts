/** The thread that decodes a Parquet file: a batch of rows whenever it is asked for one. */
import { parentPort, workerData } from "node:worker_threads";
import type { Answer } from "./messages.ts";
import { parquetRows } from "./rows.ts";

const port = parentPort;
if (port === null) throw new Error("This is no program of its own");
const rows = parquetRows(workerData as string);

async function next(): Promise<Answer> {
  try {
    const { done, value } = await rows.next();
    return done === true ? { kind: "end" } : { kind: "rows", rows: value };
  } catch (error) {
    return { kind: "failed", why: error instanceof Error ? error.message : String(error) };
  }
}

port.on("message", async () => port.postMessage(await next()));
