/**
 * Rows of a Parquet file, decoded in a thread of its own: of a damaged file the decoder may throw where nobody listens, take all
 * of the heap, or read one byte for ever.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { InputError } from "../../../schemas/problem.ts";
import { plain } from "../../toolcalls/display.ts";
import { type Answer, NEXT } from "./messages.ts";

/** Longest time for a batch of rows. They are some megabytes, and the pages before them may have to be skipped. */
const SECONDS = 60;

export interface ParquetLimits {
  /** For each batch of rows. */
  seconds: number;
}

/** @throws InputError where the file is no Parquet file, or of a kind that cannot be read */
export async function* readParquet(
  file: string,
  { seconds }: ParquetLimits = { seconds: SECONDS },
): AsyncGenerator<string[]> {
  const worker = new Worker(program(), { workerData: file });
  try {
    for (;;) {
      const answer = await ask(worker, seconds);
      if (answer.kind === "failed") throw new Error(answer.why);
      if (answer.kind === "end") return;
      yield answer.rows;
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`This cannot be read as Parquet: ${plain(why, 300)}.`, { file });
  } finally {
    await worker.terminate();
  }
}

/** @throws Error where the thread breaks or does not answer in time */
async function ask(worker: Worker, seconds: number): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const timer = setTimeout(() => reject(new Error(`a batch of its rows took more than ${seconds} s`)), seconds * 1000);
  const ended = (code: number): void => reject(new Error(`its thread ended (exit code ${code})`));
  worker.on("message", resolve).on("error", reject).on("exit", ended);
  worker.postMessage(NEXT);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.off("message", resolve).off("error", reject).off("exit", ended);
  }
}

/** Beside the bundle, or in the source tree. */
function program(): string {
  const bundled = join(import.meta.dirname, "parquetThread.js");
  return existsSync(bundled) ? bundled : join(import.meta.dirname, "thread.ts");
}
