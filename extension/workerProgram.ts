/** What the workers that answer requests by JSON-RPC have in common. */
import { type MessagePort, parentPort } from "node:worker_threads";
import { toResponse } from "../server/training/engine/remote/errors.ts";

/** Errors keep their class and place on the way to the host. */
export function answering<P, R>(handle: (params: P) => R | Promise<R>): (params: P) => Promise<R> {
  return async (params) => {
    try {
      return await handle(params);
    } catch (error) {
      throw toResponse(error);
    }
  };
}

/** Serves the host; somebody who starts the program by hand is told what it is. */
export function runAsWorker(serve: (port: MessagePort) => void): void {
  if (parentPort) serve(parentPort);
  else {
    process.stderr.write("This program is a worker of the ToolExpander extension.\n");
    process.exitCode = 2;
  }
}
