import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { ServerClient } from "./client/serverClient.ts";
import { ask, converse } from "./conversation.ts";
import { temporaryFolder } from "./testing/harness.ts";

test("a connection that ends in the middle of a message does not keep the process", () => {
  const script = `
    const { createServer, connect } = await import("node:net");
    const { converse } = await import(${JSON.stringify(join(import.meta.dirname, "conversation.ts"))});
    const server = createServer((socket) => socket.end("Content-Length: 400\\r\\n\\r\\n{")).listen(0, "127.0.0.1", () => {
      const socket = connect(server.address().port, "127.0.0.1");
      converse(socket).listen();
      socket.on("close", () => server.close());
    });`;
  // The timer it is about comes after ten seconds, over and over; without it the process ends at once.
  const { status, signal, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    timeout: 9000,
    encoding: "utf8",
  });
  assert.equal(signal, null);
  assert.equal(status, 0, stderr);
});

test("an answer that is neither a result nor an error is told as such", async (t) => {
  const address = process.platform === "win32" ? `\\\\.\\pipe\\te-${process.pid}` : join(temporaryFolder(t), "socket");
  const server = createServer((socket) =>
    socket.once("data", () => socket.end('Content-Length: 24\r\n\r\n{"jsonrpc":"2.0","id":0}')),
  );
  await new Promise<void>((resolve) => server.listen(address, resolve));
  t.after(() => server.close());
  const connection = converse(connect(address));
  connection.listen();
  await assert.rejects(
    ask(connection, "status", {}),
    /^Error: The training server's answer to status cannot be understood/,
  );
});

const skip = process.platform === "win32" && "Windows has no sockets in folders";

test("a request to somebody who went a moment ago is rejected once, where it was made", { skip }, async (t) => {
  const address = join(temporaryFolder(t), "socket");
  const server = createServer();
  t.after(() => server.close());
  server.listen(address);
  const socket = connect(address);
  const [theirs] = (await once(server, "connection")) as [Socket];
  const connection = converse(socket);
  socket.on("error", () => socket.destroy());
  socket.once("close", () => connection.dispose());
  connection.listen();
  theirs.destroy();
  // A second rejection, which nobody hears, fails a test.
  await assert.rejects(ask(connection, "status", {}));
  await new Promise(setImmediate);
});

/** A client of a server that says all of this and is gone. */
async function told(t: TestContext, ...frames: string[]): Promise<string[]> {
  const address = process.platform === "win32" ? `\\\\.\\pipe\\te-${randomUUID()}` : join(temporaryFolder(t), "socket");
  const server = createServer((socket) => socket.end(frames.join("")));
  await new Promise<void>((resolve) => server.listen(address, resolve));
  t.after(() => server.close());
  const socket = connect(address);
  const connection = converse(socket);
  const client = new ServerClient(connection, socket);
  const heard: string[] = [];
  client.on("log", ({ message }) => heard.push(message));
  connection.listen();
  await client.closed;
  return heard;
}

const framed = (text: string, length = Buffer.byteLength(text)): string => `Content-Length: ${length}\r\n\r\n${text}`;

const logged = (message: string): string =>
  framed(JSON.stringify({ jsonrpc: "2.0", method: "log", params: { level: "info", message } }));

test("what a server said before it went is heard before its end is told", async (t) => {
  const messages = Array.from({ length: 500 }, (_, index) => `line ${index}`);
  assert.deepEqual(await told(t, ...messages.map(logged)), messages);
});

test("a last message that is no JSON, or is cut off, keeps nobody waiting for it", async (t) => {
  assert.deepEqual(await told(t, logged("first"), framed("{no JSON")), ["first"]);
  assert.deepEqual(await told(t, logged("first"), framed('{"jsonrpc"', 40)), ["first"]);
});
