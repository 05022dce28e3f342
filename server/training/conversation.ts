/** Either end of the conversation in schemas/protocol.ts: nothing unchecked leaves a handler or reaches one. */
import type { Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import {
  createMessageConnection,
  type MessageConnection,
  type MessageStrategy,
  ResponseError,
} from "vscode-jsonrpc/node";
import {
  type Notification,
  type NotificationName,
  notifications,
  ProtocolError,
  type RequestName,
  type RequestParams,
  type RequestResult,
  requests,
} from "../../schemas/protocol.ts";
import { type Bound, BoundedReader, LONGEST_MESSAGE } from "./boundedReader.ts";
import { faultOf } from "./conforms.ts";
import { SocketWriter } from "./writers.ts";

export interface Conversation extends MessageConnection {
  /** Settles when all has been heard that came before the socket closed: messages are handled one by one, in turns of their own. */
  drained(): Promise<void>;
}

/** Turns of the event loop without a message that is handled, after which none will be: what is no JSON never is. */
const MOST_IDLE = 100;

/** Whoever sends a message beyond the bound is hung up on. */
export function converse(socket: Socket, bound: Bound = { bytes: LONGEST_MESSAGE }): Conversation {
  const reader = new BoundedReader(socket, bound);
  // Its timer for half a message arms itself again and again, also when the socket closed in the middle of one: the process
  // would never end. Nobody listens to it here.
  reader.partialMessageTimeout = 0;
  let heard = 0;
  const messageStrategy: MessageStrategy = {
    handleMessage(message, next) {
      try {
        return next(message);
      } finally {
        heard++;
      }
    },
  };
  const drained = async (): Promise<void> => {
    for (let [idle, before] = [0, heard]; heard < reader.came && idle < MOST_IDLE; idle++) {
      await turn();
      if (heard !== before) [idle, before] = [0, heard];
    }
  };
  const connection = createMessageConnection(reader, new SocketWriter(socket), undefined, { messageStrategy });
  return Object.assign(connection, { drained });
}

/** Server side: answers a method. Params that do not conform are refused before the handler sees them. */
export function answer<M extends RequestName>(
  connection: MessageConnection,
  method: M,
  handle: (params: RequestParams<M>) => RequestResult<M>,
): void {
  connection.onRequest(method, (params: unknown): object => {
    const fault = faultOf(requests[method].params, params);
    if (fault) return new ResponseError(ProtocolError.badMessage, `${method}: ${fault}`);
    return handle(params as RequestParams<M>);
  });
}

/** Client side: asks and checks the answer. Rejects where the server refuses, answers nonsense, or goes away. */
export async function ask<M extends RequestName>(
  connection: MessageConnection,
  method: M,
  params: RequestParams<M>,
): Promise<RequestResult<M>> {
  const result: unknown = await connection.sendRequest(method, params).catch((error: unknown) => {
    if (error instanceof ResponseError || !(error instanceof Error) || !/^The received response/.test(error.message))
      throw error;
    throw new Error(`The training server's answer to ${method} cannot be understood: ${error.message}`);
  });
  const fault = faultOf(requests[method].result, result);
  if (fault) throw new Error(`The training server's answer to ${method} cannot be understood: ${fault}`);
  return result as RequestResult<M>;
}

/** Server side: settles when the message is written or the client has gone away, which its close event tells. */
export async function notify<M extends NotificationName>(
  connection: MessageConnection,
  method: M,
  params: Notification<M>,
): Promise<void> {
  try {
    await connection.sendNotification(method, params);
  } catch {
    // A connection that is closed already throws before anything is sent.
  }
}

/** Client side: hears a notification. One that does not conform is dropped: the next snapshot makes up for it. */
export function hear<M extends NotificationName>(
  connection: MessageConnection,
  method: M,
  listener: (params: Notification<M>) => void,
): void {
  connection.onNotification(method, (params: unknown) => {
    if (faultOf(notifications[method], params) === "") listener(params as Notification<M>);
  });
}
