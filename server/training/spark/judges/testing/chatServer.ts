/** An endpoint on the loopback address that answers as a test says. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

export interface SeenRequest {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Answers one request; the last one also all that follow. */
export type Reaction = (response: ServerResponse, request: SeenRequest) => void;

export interface ChatServer {
  url: string;
  seen: SeenRequest[];
  /** Requests whose connection the other side has given up. */
  left: number;
  react(...reactions: Reaction[]): void;
}

export async function chatServer(t: TestContext, ...first: Reaction[]): Promise<ChatServer> {
  let reactions = first;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const { url = "", headers } = request;
      const seen = { url, headers, body: Buffer.concat(pieces).toString("utf8") };
      chat.seen.push(seen);
      response.on("close", () => {
        if (!response.writableFinished) chat.left++;
      });
      const [reaction] = reactions;
      if (reactions.length > 1) reactions = reactions.slice(1);
      reaction?.(response, seen);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const chat: ChatServer = {
    url: `http://127.0.0.1:${port}/v1`,
    seen: [],
    left: 0,
    react: (...next) => {
      reactions = next;
    },
  };
  return chat;
}

export const says =
  (content: string): Reaction =>
  (response) =>
    void response.end(
      JSON.stringify({ choices: [{ message: { role: "assistant", content }, finish_reason: "stop" }] }),
    );

export const fails =
  (status: number, headers: Record<string, string> = {}, body = ""): Reaction =>
  (response) =>
    void response.writeHead(status, headers).end(body);

/** An error as OpenAI's own endpoint words it. */
export const complains = (status: number, message: string, more: object = {}): Reaction =>
  fails(status, {}, JSON.stringify({ error: { message, ...more } }));

/** Never answers. */
export const stays: Reaction = () => {};

export const hangsUp: Reaction = (response) => {
  response.writeHead(200, { "content-length": "1000" });
  response.write('{"choices":[');
  setImmediate(() => response.destroy());
};
