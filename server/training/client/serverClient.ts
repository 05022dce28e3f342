/** A connection to a process of ours that listens: found by the file that names its owner, greeted with its token. */
import { connect as openSocket, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type MessageConnection, ResponseError } from "vscode-jsonrpc/node";
import { InputError } from "../../../schemas/problem.ts";
import {
  type Notification,
  type NotificationName,
  PROTOCOL_VERSION,
  ProtocolError,
  type RequestName,
  type RequestParams,
  type RequestResult,
} from "../../../schemas/protocol.ts";
import { ask, type Conversation, converse, hear } from "../conversation.ts";
import { findOwner } from "../server/ownerFile.ts";
import { isAddressOf } from "../server/places.ts";
import { readToken } from "../server/token.ts";

/** Longest wait for an answer: the server never computes, so it answers at once or not at all. Milliseconds. */
const ANSWER_MS = 10_000;
/** Time a server may take from its file to its first answer, milliseconds. */
const OPEN_MS = 10_000;

export class ServerClient {
  /** Settles when the connection is gone, whoever closed it, and all has been heard that the server said before. */
  readonly closed: Promise<void>;
  readonly #connection: MessageConnection;
  readonly #socket: Socket;
  #left = false;

  constructor(connection: Conversation, socket: Socket) {
    this.#connection = connection;
    this.#socket = socket;
    this.closed = this.#untilClosed(connection, socket);
  }

  on<M extends NotificationName>(method: M, listener: (params: Notification<M>) => void): void {
    hear(this.#connection, method, listener);
  }

  /** What has come and was not heard yet is not waited for. */
  close(): void {
    this.#left = true;
    this.#socket.destroy();
  }

  async #untilClosed(connection: Conversation, socket: Socket): Promise<void> {
    if (!socket.closed) await new Promise<void>((resolve) => socket.once("close", () => resolve()));
    if (!this.#left) await connection.drained();
    connection.dispose();
  }

  /** Ends in the answer or an error, whatever becomes of the server. */
  protected async request<M extends RequestName>(method: M, params: RequestParams<M>): Promise<RequestResult<M>> {
    const controller = new AbortController();
    const late = sleep(ANSWER_MS, undefined, { signal: controller.signal, ref: false }).then(() => {
      throw new Error(`The training server did not answer within ${ANSWER_MS / 1000} s`);
    });
    const gone = this.closed.then(() => {
      throw new Error("The training server closed the connection");
    });
    const answer = ask(this.#connection, method, params);
    late.catch(() => {});
    gone.catch(() => {});
    answer.catch(() => {});
    try {
      return await Promise.race([answer, late, gone]);
    } finally {
      controller.abort();
    }
  }
}

export interface ServerPlace {
  /** The file that names the process. */
  owner: string;
  /** What its token is named after. */
  key: string;
  /** Said where the process is on another machine. */
  elsewhere(hostname: string): string;
  /** Where a person looks for what is wrong with one that does not answer, as the end of a sentence. */
  silent(pid: number): string;
}

/**
 * Connects to the living process of a place; undefined where none lives.
 *
 * @param make the client from what was connected
 * @throws InputError where it runs on another machine, refuses this client, or the file names an address that is not its own
 */
export async function connectToServer<C extends ServerClient>(
  { owner, key, elsewhere, silent }: ServerPlace,
  make: new (connection: Conversation, socket: Socket) => C,
): Promise<C | undefined> {
  const deadline = performance.now() + OPEN_MS;
  for (;;) {
    const found = findOwner(owner);
    if (found === undefined) return undefined;
    if (found.liveness === "elsewhere") throw new InputError(elsewhere(found.server.hostname), { file: key });
    if (!isAddressOf(found.server.socket, key)) {
      throw new InputError("this file names an address that no server of yours listens at; remove it", { file: owner });
    }
    const token = readToken(key);
    try {
      const met = token === undefined ? undefined : await meet(found.server.socket, token, key);
      if (met) return new make(met.connection, met.socket);
    } catch (error) {
      // Since the token was read, another server may have taken the place, with a token of its own.
      if (readToken(key) === token) throw error;
    }
    if (performance.now() > deadline) {
      const message =
        token === undefined
          ? "the token of the server cannot be read; only the user who started it may control it"
          : silent(found.server.pid);
      throw new InputError(message, { file: key });
    }
    await sleep(25);
  }
}

/** Connects and says hello; undefined where nobody is there, or is gone before it answers. */
async function meet(
  address: string,
  token: string,
  place: string,
): Promise<{ connection: Conversation; socket: Socket } | undefined> {
  const socket = await open(address);
  if (socket === undefined) return undefined;
  const connection = converse(socket);
  socket.on("error", () => socket.destroy());
  connection.onError(() => socket.destroy());
  const hungUp = (): void => connection.dispose();
  socket.once("close", hungUp);
  connection.listen();
  try {
    await ask(connection, "hello", { protocol: PROTOCOL_VERSION, token });
  } catch (error) {
    socket.destroy();
    if (!(error instanceof ResponseError) || error.code !== ProtocolError.notWelcome) return undefined;
    throw new InputError(`the training server refused: ${error.message}`, { file: place });
  }
  // From here on the client waits for what came before the close.
  socket.off("close", hungUp);
  return { connection, socket };
}

function open(address: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = openSocket(address);
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(undefined));
  });
}
