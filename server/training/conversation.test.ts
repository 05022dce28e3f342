import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import test from "node:test";

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
