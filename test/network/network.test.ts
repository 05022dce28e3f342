/** Nothing of ours talks to another machine: whatever the command line does without a judge, its servers and engines included. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { NETWORK_LOG } from "./log.ts";
import { programsIn } from "./programs.ts";
import { internetCalls, traced, tracingFault } from "./tracing.ts";
import { environmentIn, VERBS, writeVerbWorkspace } from "./verbs.ts";

function folderFor(t: TestContext): string {
  // Short, since sockets lie in it.
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "te-")));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

const PATIENCE = 120_000;

test("no verb uses anything of Node's that reaches another machine", async (t) => {
  const folder = folderFor(t);
  const log = path.join(folder, "network.log");
  mkdirSync(path.join(folder, "programs"));
  const cli = await programsIn(path.join(folder, "programs"), true);
  writeVerbWorkspace(folder);
  for (const { in: place, args } of VERBS) {
    const { status, stderr } = spawnSync(process.execPath, [cli, ...args], {
      cwd: path.join(folder, place),
      encoding: "utf8",
      env: { ...process.env, ...environmentIn(folder), [NETWORK_LOG]: log },
      timeout: PATIENCE,
    });
    assert.equal(status, 0, `${args.join(" ")}: ${stderr}`);
  }
  assert.equal(existsSync(log) ? readFileSync(log, "utf8") : "", "");
});

/** What a program may try, as an expression. */
const ATTEMPTS = [
  'fetch("http://example.org/")',
  'import("node:http").then(({ get }) => get("http://example.org/"))',
  'import("node:net").then(({ connect }) => connect(80, "example.org"))',
  'import("node:net").then(({ createServer }) => createServer().listen(0))',
  'import("node:dns").then(({ promises }) => promises.resolve4("example.org"))',
  'import("node:dgram").then(({ createSocket }) => createSocket("udp4").send("x", 53, "127.0.0.1"))',
];

for (const attempt of ATTEMPTS)
  test(`the trap finds ${attempt}`, (t) => {
    const folder = folderFor(t);
    const log = path.join(folder, "network.log");
    const trap = pathToFileURL(path.join(import.meta.dirname, "trap.ts")).href;
    const program = `import ${JSON.stringify(trap)}; try { await ${attempt}; } catch {}`;
    spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
      env: { ...process.env, [NETWORK_LOG]: log },
      timeout: PATIENCE,
    });
    assert.match(readFileSync(log, "utf8"), /\w/);
  });

test("the trap lets a socket of the file system through", { skip: process.platform === "win32" }, (t) => {
  const folder = folderFor(t);
  const trap = pathToFileURL(path.join(import.meta.dirname, "trap.ts")).href;
  const file = path.join(folder, "local.mjs");
  writeFileSync(
    file,
    `import ${JSON.stringify(trap)};
     import { connect, createServer } from "node:net";
     const server = createServer((socket) => socket.end("heard")).listen(${JSON.stringify(path.join(folder, "s"))}, () =>
       connect(${JSON.stringify(path.join(folder, "s"))}).on("data", (chunk) => { console.log(String(chunk)); server.close(); }));`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8", timeout: PATIENCE });
  assert.equal(stdout, "heard\n", stderr);
});

const skip = tracingFault();

test("no process of a run asks the system for an internet socket, native code included", { skip }, async (t) => {
  const folder = folderFor(t);
  mkdirSync(path.join(folder, "programs"));
  const cli = await programsIn(path.join(folder, "programs"), false);
  writeVerbWorkspace(folder);
  const options = { cwd: path.join(folder, "quickstart"), env: { ...process.env, ...environmentIn(folder) } };
  const { status, stderr, calls } = traced(folder, [process.execPath, cli, "train", "experiment.json"], options);
  assert.equal(status, 0, stderr);
  assert.match(calls, /AF_UNIX/, "sockets are seen");
  assert.ok([...calls.matchAll(/execve\("[^"]*node[^"]*", .* = 0$/gm)].length >= 3, "of client, server and engine");
  assert.deepEqual(internetCalls(calls), []);
});

test("an internet socket would be seen", { skip }, (t) => {
  const folder = folderFor(t);
  const program = 'require("node:net").connect(9, "127.0.0.1").on("error", () => {})';
  const { calls } = traced(folder, [process.execPath, "--eval", program], {});
  assert.match(internetCalls(calls).join("\n"), /connect\(.*AF_INET.*127\.0\.0\.1/);
});
