/** The local socket of a run's server. A client has a few seconds to say hello with the token, and is nobody until then. */
import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { type MessageConnection, ResponseError } from "vscode-jsonrpc/node";
import { InputError } from "../../../schemas/problem.ts";
import { PROTOCOL_VERSION, ProtocolError, type RequestName, requests } from "../../../schemas/protocol.ts";
import { type Bound, LONGEST_MESSAGE, STRANGERS_MESSAGE } from "../boundedReader.ts";
import { answer, converse } from "../conversation.ts";
import { sameToken } from "./token.ts";

/** Time a client has for its hello, milliseconds. */
const HELLO_MS = 5000;

export interface Client {
  connection: MessageConnection;
  socket: Socket;
}

export interface Listener {
  /** Ends the clients' connections after what was sent to them, and frees the address. */
  close(): Promise<void>;
}

/**
 * @param welcome adds the handlers of a client that presented the token
 * @throws InputError where a living server answers at the address
 */
export async function listen(address: string, token: string, welcome: (client: Client) => void): Promise<Listener> {
  await freeAddress(address);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    receive(socket, token, welcome);
  });
  await listening(server, address);
  if (process.platform !== "win32") chmodSync(address, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) {
          socket.end();
          setTimeout(() => socket.destroy(), 1000).unref(); // a client that does not read must not keep the server
        }
      }),
  };
}

function listening(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Removes the socket file of a server that is gone; named pipes go by themselves. */
async function freeAddress(address: string): Promise<void> {
  const answered = await new Promise<boolean>((resolve) => {
    const socket = connect(address);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
  if (answered)
    throw new InputError("a training server already answers for this run; attach to it or stop it first", {
      file: address,
    });
  if (process.platform !== "win32") rmSync(address, { force: true });
}

function receive(socket: Socket, token: string, welcome: (client: Client) => void): void {
  const bound: Bound = { bytes: STRANGERS_MESSAGE };
  const connection = converse(socket, bound);
  const refuse = (message: string): ResponseError<void> => {
    setTimeout(() => socket.end(), 100).unref(); // after the answer, which is written once this handler has returned
    setTimeout(() => socket.destroy(), 1000).unref();
    return new ResponseError(ProtocolError.notWelcome, message);
  };
  const timer = setTimeout(() => socket.destroy(), HELLO_MS).unref();
  connection.onError(() => socket.destroy());
  socket.once("close", () => {
    clearTimeout(timer);
    connection.dispose();
  });
  for (const method of Object.keys(requests) as RequestName[]) {
    if (method !== "hello") connection.onRequest(method, () => refuse("Say hello with the run's token first"));
  }
  let known = false;
  answer(connection, "hello", (params) => {
    if (known) return { protocol: PROTOCOL_VERSION };
    if (!sameToken(token, params.token)) throw refuse("The token is not this run's");
    if (params.protocol !== PROTOCOL_VERSION) {
      throw refuse(
        `This run was started by another version of ToolExpander (protocol ${PROTOCOL_VERSION}, asked for ${params.protocol})`,
      );
    }
    known = true;
    bound.bytes = LONGEST_MESSAGE;
    clearTimeout(timer);
    welcome({ connection, socket });
    return { protocol: PROTOCOL_VERSION };
  });
  connection.listen();
}
