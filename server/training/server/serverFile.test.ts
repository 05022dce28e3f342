import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import test, { type TestContext } from "node:test";
import type { ServerFile } from "../../../schemas/protocol.ts";
import { temporaryFolder } from "../testing/harness.ts";
import { startOf } from "./liveness.ts";
import { claim, findServer, readServerFile, serverFilePath } from "./serverFile.ts";

function leave(folder: string, server: Partial<ServerFile>): void {
  const whole: ServerFile = {
    pid: process.pid,
    started: startOf(process.pid),
    hostname: hostname(),
    socket: "s",
    ...server,
  };
  writeFileSync(serverFilePath(folder), JSON.stringify(whole));
}

/** Process id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await new Promise((resolve) => child.once("exit", resolve));
  return child.pid as number;
}

function folderFor(t: TestContext): string {
  return temporaryFolder(t);
}

test("a server has the run until it gives it free", (t) => {
  const folder = folderFor(t);
  const release = claim(folder, "address");
  assert.equal(readServerFile(folder)?.pid, process.pid);
  assert.equal(findServer(folder)?.liveness, "alive");
  assert.throws(() => claim(folder, "address"), { name: "InputError", message: /already has this run/ });
  release();
  assert.equal(existsSync(serverFilePath(folder)), false);
  claim(folder, "address")();
});

test("what a dead server left is cleaned away", async (t) => {
  const folder = folderFor(t);
  leave(folder, { pid: await deadPid(), started: "" });
  assert.equal(findServer(folder), undefined);
  assert.equal(existsSync(serverFilePath(folder)), false);
  leave(folder, { pid: await deadPid() });
  claim(folder, "address")();
});

test("another process with a dead server's pid is not taken for it", { skip: startOf(process.pid) === "" }, (t) => {
  const folder = folderFor(t);
  leave(folder, { started: "long ago" });
  assert.equal(findServer(folder), undefined);
});

test("a server on another machine is believed and named", (t) => {
  const folder = folderFor(t);
  leave(folder, { hostname: "elsewhere.example", pid: 1 });
  assert.equal(findServer(folder)?.liveness, "elsewhere");
  assert.throws(() => claim(folder, "address"), {
    name: "InputError",
    message: /elsewhere\.example.*remove this file/,
  });
});

test("a file that says nothing that can be read keeps nobody out", (t) => {
  const folder = folderFor(t);
  for (const text of ["", "{", "[]", '{"pid":"x"}']) {
    writeFileSync(serverFilePath(folder), text);
    assert.equal(findServer(folder), undefined);
    claim(folder, "address")();
  }
});
