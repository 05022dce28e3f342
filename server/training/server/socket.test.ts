import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import crypto from "node:crypto";
import { chmodSync, mkdirSync, rmSync, statSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { connect, createServer, type Socket } from "node:net";
import { hostname, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import test, { type TestContext } from "node:test";
import type { MessageConnection } from "vscode-jsonrpc/node";
import { InputError } from "../../../schemas/problem.ts";
import { PROTOCOL_VERSION, requests } from "../../../schemas/protocol.ts";
import { writeJson } from "../../store/atomicFile.ts";
import { connectToRun } from "../client/connect.ts";
import { Control } from "../control.ts";
import { ask, converse, hear } from "../conversation.ts";
import { createRun } from "../newRun.ts";
import { fakeExperiment, temporaryFolder, until } from "../testing/harness.ts";
import { Board } from "./board.ts";
import { startOf } from "./liveness.ts";
import { isAddressOf, socketPath, tokenFile } from "./places.ts";
import { serverFilePath } from "./serverFile.ts";
import { listen } from "./socket.ts";
import { createToken, readToken, removeToken, sameToken } from "./token.ts";

async function served(t: TestContext) {
  const experiment = fakeExperiment(t);
  const folder = createRun(experiment);
  const control: Control = new Control(() => board.follow());
  const board = new Board(folder, experiment, control);
  const address = socketPath(folder);
  const token = createToken(folder);
  const listener = await listen(address, token, (client) => board.welcome(client));
  t.after(() => listener.close());
  return { folder, board, control, address, token };
}

async function client(
  t: TestContext,
  address: string,
): Promise<{ connection: MessageConnection; socket: Socket; closed: Promise<unknown> }> {
  const socket = connect(address);
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const connection = converse(socket);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  connection.listen();
  t.after(() => socket.destroy());
  return { connection, socket, closed };
}

test("a client with the token is welcome and attaches", async (t) => {
  const { address, token, folder } = await served(t);
  const { connection } = await client(t, address);
  assert.deepEqual(await ask(connection, "hello", { protocol: PROTOCOL_VERSION, token }), {
    protocol: PROTOCOL_VERSION,
  });
  const snapshot = await ask(connection, "attach", {});
  assert.equal(snapshot.folder, folder);
  assert.equal(snapshot.state, "running");
  assert.equal(snapshot.steps, 6);
});

test("a wrong token, none, or another protocol is refused and hung up on", async (t) => {
  const { address, token } = await served(t);
  for (const [hello, why] of [
    [{ protocol: PROTOCOL_VERSION, token: `${token}x` }, /token is not this run's/],
    [{ protocol: PROTOCOL_VERSION, token: "" }, /token is not this run's/],
    [{ protocol: PROTOCOL_VERSION + 1, token }, /another version/],
  ] as const) {
    const { connection, closed } = await client(t, address);
    await assert.rejects(connection.sendRequest("hello", hello), { code: -32001, message: why });
    await closed;
  }
});

test("whoever has not said hello is told nothing and changes nothing", async (t) => {
  const { address, control } = await served(t);
  for (const method of Object.keys(requests).filter((name) => name !== "hello")) {
    const { connection, closed } = await client(t, address);
    await assert.rejects(connection.sendRequest(method, {}), { code: -32001, message: /hello/ });
    await closed;
  }
  assert.equal(control.state, "running");
});

test("messages that do not conform are refused", async (t) => {
  const { address, token, control } = await served(t);
  const { connection } = await client(t, address);
  await assert.rejects(connection.sendRequest("hello", { protocol: "1", token }), {
    code: -32602,
    message: /protocol/,
  });
  await assert.rejects(connection.sendRequest("hello", { protocol: 1, token, extra: 1 }), { code: -32602 });
  await assert.rejects(connection.sendRequest("hello", { protocol: 1, token: "x".repeat(300) }), { code: -32602 });
  await ask(connection, "hello", { protocol: PROTOCOL_VERSION, token });
  await assert.rejects(connection.sendRequest("pause", { now: true }), { code: -32602, message: /^pause/ });
  await assert.rejects(connection.sendRequest("pause", [1, 2]), { code: -32602 });
  await assert.rejects(connection.sendRequest("reboot", {}), { code: -32601 });
  assert.equal(control.state, "running");
  assert.equal((await ask(connection, "status", {})).state, "running");
});

test("bytes that are no messages end that connection alone", async (t) => {
  const { address, token } = await served(t);
  const good = await client(t, address);
  await ask(good.connection, "hello", { protocol: PROTOCOL_VERSION, token });
  const bad = connect(address);
  const closed = new Promise((resolve) => bad.once("close", resolve));
  bad.on("error", () => {});
  bad.write("Content-Length: 7\r\n\r\n{nosuch\r\n\r\n");
  await closed;
  assert.equal((await ask(good.connection, "status", {})).step, 0);
});

test("two clients attach, each hears the other's pause, and one may leave", async (t) => {
  const { address, token, board } = await served(t);
  const heard: string[][] = [[], []];
  const clients = await Promise.all(
    heard.map(async (states) => {
      const one = await client(t, address);
      hear(one.connection, "state", ({ state }) => states.push(state));
      await ask(one.connection, "hello", { protocol: PROTOCOL_VERSION, token });
      await ask(one.connection, "attach", {});
      return one;
    }),
  );
  const [first, second] = clients as [(typeof clients)[0], (typeof clients)[0]];
  assert.equal((await ask(first.connection, "pause", {})).state, "pausing");
  await until("both to hear of it", () => heard.every((states) => states.includes("pausing")));
  first.socket.destroy();
  assert.equal((await ask(second.connection, "resume", {})).state, "running");
  await until("the second to hear of it", () => heard[1]?.includes("running"));
  assert.deepEqual(heard[0], ["pausing"]);
  await board.end({ state: "finished" });
  await until("the last word", () => heard[1]?.includes("finished"));
});

test("socket and token are the user's alone", { skip: process.platform === "win32" }, async (t) => {
  const { address, folder, token } = await served(t);
  assert.equal(statSync(address).mode & 0o777, 0o600);
  assert.equal(statSync(tokenFile(folder)).mode & 0o777, 0o600);
  assert.ok(Buffer.byteLength(address) < 104);
  assert.equal(readToken(folder), token);
  removeToken(folder);
  assert.equal(readToken(folder), undefined);
});

test("a socket that a dead server left does not keep the next one out, a living one does", async (t) => {
  const { address, token } = await served(t);
  await assert.rejects(
    listen(address, token, () => {}),
    { name: "InputError", message: /already answers/ },
  );
});

test("tokens are compared whole", () => {
  assert.ok(sameToken("abc", "abc"));
  assert.ok(!sameToken("abc", "abd"));
  assert.ok(!sameToken("abc", "ab"));
  assert.ok(!sameToken("abc", ""));
});

test("whoever has not shown the token may say little, whoever has may say much", async (t) => {
  const { address, token, control } = await served(t);
  const stranger = connect(address);
  const hungUp = new Promise((resolve) => stranger.once("close", resolve));
  stranger.on("error", () => {});
  stranger.write("Content-Length: 20000\r\n\r\n");
  await hungUp;
  const known = await client(t, address);
  await ask(known.connection, "hello", { protocol: PROTOCOL_VERSION, token });
  const file = { file: "a.replacement.json", text: "x".repeat(900_000) };
  const { edits } = await ask(known.connection, "replacements", { files: [file] });
  assert.equal(edits[0]?.action, "refused");
  known.socket.write("Content-Length: 67108865\r\n\r\n");
  await known.closed;
  assert.equal(control.state, "running");
});

test("a token is compared by digests, in one time whatever is presented", (t) => {
  const compare = t.mock.method(crypto, "timingSafeEqual");
  syncBuiltinESMExports();
  t.after(() => {
    compare.mock.restore();
    syncBuiltinESMExports();
  });
  for (const presented of ["", "a", "abc", "abd", "x".repeat(256)]) {
    sameToken("abc", presented);
    const [left, right] = compare.mock.calls.at(-1)?.arguments ?? [];
    assert.deepEqual([left?.byteLength, right?.byteLength], [32, 32], presented);
  }
  assert.equal(compare.mock.callCount(), 5);
});

test("a file that names a stranger's address is refused before the token is told", async (t) => {
  const { folder } = await served(t);
  const own = socketPath(folder);
  assert.ok(isAddressOf(own, folder));
  const open = join(folder, "open");
  mkdirSync(open);
  chmodSync(open, 0o755);
  const strangers = [
    join(open, basename(own)),
    join(dirname(own), "0123456789abcdef.sock"),
    join(folder, "none", basename(own)),
    basename(own),
    "\\\\elsewhere\\pipe\\toolexpander",
    "",
  ];
  for (const address of strangers) assert.ok(!isAddressOf(address, folder), address);

  const heard: Buffer[] = [];
  const stranger = createServer((socket) => socket.on("data", (chunk) => heard.push(chunk)));
  const [address = ""] = strangers;
  await new Promise<void>((resolve) => stranger.listen(address, resolve));
  t.after(() => stranger.close());
  const { pid } = process;
  writeJson(serverFilePath(folder), { pid, started: startOf(pid), hostname: hostname(), socket: address });
  const refused = await connectToRun(folder).catch((error: unknown) => error);
  // It names this process, and whoever cleans up would end what it names.
  rmSync(serverFilePath(folder));
  assert.ok(refused instanceof InputError && /no server of yours/.test(refused.message));
  assert.deepEqual(heard, []);
});

test("a folder of sockets and tokens that others may enter is not used", {
  skip: process.platform === "win32",
}, (t) => {
  const folder = temporaryFolder(t);
  const state = process.env.XDG_STATE_HOME ?? "";
  mkdirSync(join(state, "toolexpander", "tokens"), { recursive: true });
  chmodSync(join(state, "toolexpander", "tokens"), 0o755);
  assert.throws(() => tokenFile(folder), { name: "InputError", message: /must belong to you alone/ });
});

test("on Windows the token lies in the user's profile, where no other user may read it", {
  skip: process.platform !== "win32",
}, async (t) => {
  const { folder } = await served(t);
  const rights = execFileSync("icacls", [tokenFile(folder)], { encoding: "utf8" });
  assert.match(rights, new RegExp(userInfo().username.replaceAll(/\W/g, "."), "i"));
  // Everyone, Users and Authenticated Users by their identifiers: names are the language's.
  const listed = execFileSync("powershell.exe", ["-NoProfile", "-Command", `(Get-Acl '${tokenFile(folder)}').Sddl`], {
    encoding: "utf8",
  });
  assert.doesNotMatch(listed, /;(WD|BU|AU)\)/);
});
