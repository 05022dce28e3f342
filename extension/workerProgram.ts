/** What the workers that answer requests of the extension host by JSON-RPC have in common. */
import { parentPort } from "node:worker_threads";
import {
  type CancellationToken,
  createMessageConnection,
  type MessageConnection,
  PortMessageReader,
  PortMessageWriter,
  type RequestHandler,
  type RequestType,
} from "vscode-jsonrpc/node";
import { toResponse } from "../server/training/engine/remote/errors.ts";

/** Says how requests of a kind are answered. Errors keep their class and place on the way to the host. */
export type Answer = <P, R>(
  request: RequestType<P, R, unknown>,
  handle: (params: P, token: CancellationToken) => R | Promise<R>,
) => void;

/** Serves the host; somebody who starts the program by hand is told what it is. */
export function runAsWorker(serve: (answer: Answer, connection: MessageConnection) => void): void {
  if (!parentPort) {
    process.stderr.write("This program is a worker of the ToolExpander extension.\n");
    process.exitCode = 2;
    return;
  }
  const connection = createMessageConnection(new PortMessageReader(parentPort), new PortMessageWriter(parentPort));
  serve(answerOn(connection), connection);
  connection.listen();
}

const answerOn =
  (connection: MessageConnection): Answer =>
  <P, R>(request: RequestType<P, R, unknown>, handle: (params: P, token: CancellationToken) => R | Promise<R>) => {
    const answer = async (params: P, token: CancellationToken): Promise<R> => {
      try {
        return await handle(params, token);
      } catch (error) {
        throw toResponse(error);
      }
    };
    // The library's own type is this one, for every R that is not null alone.
    connection.onRequest(request, answer as RequestHandler<P, R, unknown>);
  };
