/** A connection to the training server of one run. */
import { connect as openSocket, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type MessageConnection, ResponseError } from "vscode-jsonrpc/node";
import { InputError } from "../../../schemas/problem.ts";
import {
  type EditEvent,
  type Notification,
  type NotificationName,
  PROTOCOL_VERSION,
  ProtocolError,
  type RequestParams,
  type RequestResult,
  type Snapshot,
  type StateEvent,
} from "../../../schemas/protocol.ts";
import { ask, converse, hear } from "../conversation.ts";
import { findServer } from "../server/serverFile.ts";
import { readToken } from "../server/token.ts";

/** Longest wait for an answer: the server never computes, so it answers at once or not at all. Milliseconds. */
const ANSWER_MS = 10_000;
/** Time a server may take from its server.json to its first answer, milliseconds. */
const OPEN_MS = 10_000;

export class RunClient {
  /** Settles when the connection is gone, whoever closed it. */
  readonly closed: Promise<void>;
  readonly #connection: MessageConnection;
  readonly #socket: Socket;

  constructor(connection: MessageConnection, socket: Socket) {
    this.#connection = connection;
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      if (socket.closed) resolve();
      else socket.once("close", () => resolve());
    });
  }

  /** From here on the run's notifications come in. Register listeners with `on` first. */
  attach(): Promise<Snapshot> {
    return this.#ask(ask(this.#connection, "attach", {}));
  }

  status(): Promise<Snapshot> {
    return this.#ask(ask(this.#connection, "status", {}));
  }

  pause(): Promise<StateEvent> {
    return this.#ask(ask(this.#connection, "pause", {}));
  }

  resume(): Promise<StateEvent> {
    return this.#ask(ask(this.#connection, "resume", {}));
  }

  /** Takes a checkpoint, then ends the run so that it can be resumed. */
  stop(): Promise<StateEvent> {
    return this.#ask(ask(this.#connection, "stop", {}));
  }

  /** Offers files of replacements/ as they are now, null where one is gone; answers what the next step makes of each. */
  async offer(files: RequestParams<"replacements">["files"]): Promise<EditEvent[]> {
    const { edits } = await this.#ask(ask(this.#connection, "replacements", { files }));
    return edits;
  }

  /** Asks for a try, of which `try` tells from here on. @returns why there will be none; null where it waits for its turn */
  async try(request: RequestParams<"try">): Promise<string | null> {
    return (await this.#ask(ask(this.#connection, "try", request))).refused;
  }

  async cancelTry(id: string): Promise<void> {
    await this.#ask(ask(this.#connection, "cancelTry", { id }));
  }

  /** Whether the run is to pause, once, where a probe finds the next hard row. */
  pauseOnHard(on: boolean): Promise<RequestResult<"pauseOnHard">> {
    return this.#ask(ask(this.#connection, "pauseOnHard", { on }));
  }

  on<M extends NotificationName>(method: M, listener: (params: Notification<M>) => void): void {
    hear(this.#connection, method, listener);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Ends in the answer or an error, whatever becomes of the server. */
  async #ask<T>(answer: Promise<T>): Promise<T> {
    const controller = new AbortController();
    const late = sleep(ANSWER_MS, undefined, { signal: controller.signal, ref: false }).then(() => {
      throw new Error(`The training server did not answer within ${ANSWER_MS / 1000} s`);
    });
    const gone = this.closed.then(() => {
      throw new Error("The training server closed the connection");
    });
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

/**
 * Connects to the live server of a run; undefined where none lives.
 *
 * @throws InputError where the server runs on another machine or refuses this client
 */
export async function connectToRun(folder: string): Promise<RunClient | undefined> {
  const deadline = performance.now() + OPEN_MS;
  for (;;) {
    const found = findServer(folder);
    if (found === undefined) return undefined;
    if (found.liveness === "elsewhere") {
      throw new InputError(`this run is trained on ${found.server.hostname}; look at it there`, { file: folder });
    }
    const token = readToken(folder);
    try {
      const client = token === undefined ? undefined : await meet(found.server.socket, token, folder);
      if (client) return client;
    } catch (error) {
      // Since the token was read, another server may have taken the run, with a token of its own.
      if (readToken(folder) === token) throw error;
    }
    if (performance.now() > deadline) {
      if (token === undefined) {
        throw new InputError(
          "the token of the run's server cannot be read; only the user who started it may control it",
          {
            file: folder,
          },
        );
      }
      throw new InputError(
        `the training server (process ${found.server.pid}) does not answer; its log is server.log in the run folder`,
        {
          file: folder,
        },
      );
    }
    await sleep(25);
  }
}

/** Connects and says hello; undefined where nobody is there, or is gone before it answers. */
async function meet(address: string, token: string, folder: string): Promise<RunClient | undefined> {
  const socket = await open(address);
  if (socket === undefined) return undefined;
  const connection = converse(socket);
  socket.on("error", () => socket.destroy());
  connection.onError(() => socket.destroy());
  socket.once("close", () => connection.dispose());
  connection.listen();
  try {
    await ask(connection, "hello", { protocol: PROTOCOL_VERSION, token });
  } catch (error) {
    socket.destroy();
    if (!(error instanceof ResponseError) || error.code !== ProtocolError.notWelcome) return undefined;
    throw new InputError(`the training server refused: ${error.message}`, { file: folder });
  }
  return new RunClient(connection, socket);
}

function open(address: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = openSocket(address);
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(undefined));
  });
}
