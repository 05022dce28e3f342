import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { ProcessGroup } from "./processGroup.ts";

const skip = process.platform === "win32" && "no process groups";

/** A program that starts another, tells its process id, and has both wait. */
const family = `const { spawn } = require("node:child_process");
const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"]);
child.stdout.once("data", () => console.log(child.pid));
setInterval(() => {}, 1000);`;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (alive(pid)) {
    assert.ok(performance.now() < deadline, `process ${pid} lives on`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a group ends with all it started, also what does not listen", { skip }, async () => {
  const group = new ProcessGroup(process.execPath, ["-e", family], { stdio: ["ignore", "pipe", "inherit"] });
  const { stdout } = group.child;
  assert.ok(stdout);
  const [text] = await once(stdout, "data");
  const grandchild = Number(String(text));
  assert.ok(alive(grandchild));
  await group.stop();
  await gone(grandchild);
});

test("a process that is told to end takes its groups with it", { skip }, async () => {
  const module = pathToFileURL(path.join(import.meta.dirname, "processGroup.ts")).href;
  const parent = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { exitOnSignals, ProcessGroup } from ${JSON.stringify(module)};
      exitOnSignals();
      new ProcessGroup(process.execPath, ["-e", ${JSON.stringify(family)}], { stdio: ["ignore", "inherit", "inherit"] });
      setInterval(() => {}, 1000);`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [text] = await once(parent.stdout, "data");
  parent.kill("SIGTERM");
  const [code] = await once(parent, "exit");
  assert.equal(code, 128 + 15);
  await gone(Number(String(text)));
});
