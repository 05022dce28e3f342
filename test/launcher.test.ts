import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { build } from "esbuild";
import { entries } from "../scripts/entries.ts";
import { root } from "./sources.ts";

let folder: string;
let launcher: string;
/** Makes a Node believe that it is an old one; the Node it hands over to does not inherit this. */
let oldNode: string[];

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "toolexpander-launcher-"));
  const entry = entries.find(({ output }) => output === "cli.js");
  assert.ok(entry);
  launcher = path.join(folder, "dist", "cli.js");
  await build({
    entryPoints: [path.join(root, entry.source)],
    outfile: launcher,
    bundle: true,
    platform: "node",
    format: "esm",
    target: entry.target,
  });
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    path.join(folder, "dist", "main.js"),
    `const [command, ...rest] = process.argv.slice(2);
    if (command === "wait") {
      for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => { console.log(signal); process.exit(7); });
      setTimeout(() => process.exit(9), 30_000);
    }
    console.log(JSON.stringify({ node: process.execPath, rest, cwd: process.cwd() }));
    if (command === "exit") process.exit(Number(rest[0]));
    if (command === "die") process.kill(process.pid, "SIGKILL");
    `,
  );
  const preload = path.join(folder, "old.cjs");
  writeFileSync(
    preload,
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.0" } });',
  );
  oldNode = ["--require", preload];
});

after(() => rmSync(folder, { recursive: true, force: true }));

const withPinnedNode = () => symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
const withoutPinnedNode = () => rmSync(path.join(folder, "node_modules"), { force: true });

function launch(execArgv: string[], ...args: string[]) {
  return spawnSync(process.execPath, [...execArgv, launcher, ...args], { encoding: "utf8", cwd: tmpdir() });
}

test("a Node that is new enough runs the program itself", () => {
  withoutPinnedNode();
  const { status, stdout } = launch([], "exit", "3", "a b");
  assert.equal(status, 3);
  assert.equal(JSON.parse(stdout).node, process.execPath);
});

test("an older Node without the pinned one says what is needed", () => {
  withoutPinnedNode();
  const { status, stdout, stderr } = launch(oldNode, "exit", "0");
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^ToolExpander needs Node 24 or newer \(this is 18\.20\.0\)[^\n]*\n$/);
});

test("an older Node hands over to the pinned one, with arguments, folder and exit code", () => {
  withPinnedNode();
  const { status, stdout, stderr } = launch(oldNode, "exit", "5", "--flag=ü", "two words");
  withoutPinnedNode();
  assert.equal(stderr, "");
  assert.equal(status, 5);
  const seen = JSON.parse(stdout);
  assert.match(seen.node, /node-(linux|win|bin-darwin)/);
  assert.deepEqual(seen.rest, ["5", "--flag=ü", "two words"]);
  assert.equal(path.basename(seen.cwd), path.basename(tmpdir()));
});

test("an end by a signal is passed up", { skip: process.platform === "win32" && "no signals" }, () => {
  withPinnedNode();
  const { status, signal } = launch(oldNode, "die");
  withoutPinnedNode();
  assert.equal(status, null);
  assert.equal(signal, "SIGKILL");
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} reaches the program`, { skip: process.platform === "win32" && "no signals" }, async () => {
    withPinnedNode();
    const child: ChildProcess = spawn(process.execPath, [...oldNode, launcher, "wait"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      // Its first line says that it listens.
      if (output === "") child.kill(signal);
      output += text;
    });
    const [code] = await once(child, "close");
    withoutPinnedNode();
    assert.equal(code, 7);
    assert.match(output, new RegExp(`\n${signal}\n$`));
  });
}
