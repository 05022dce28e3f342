/** `npm start`: an address and a password, then a run that is seen in the editor and in the terminal, and an end of both. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { openBrowser } from "../../scripts/editor/browser.ts";
import { cacheFolder } from "../../scripts/editor/places.ts";
import { readRunRecord } from "../../server/store/runFolder.ts";
import { root } from "../sources.ts";
import { until } from "./support/until.ts";
import { EditorWindow, PATIENCE_MS } from "./support/window.ts";

const LIMIT_MS = 480_000;

test("npm start serves the editor behind a password, and Ctrl-C ends it with a checkpoint", {
  timeout: LIMIT_MS,
}, async (t) => {
  const home = mkdtempSync(path.join(tmpdir(), "toolexpander-start-"));
  const environment = { ...process.env, HOME: home, TOOLEXPANDER_CACHE: cacheFolder() };
  const start = spawn(process.execPath, [path.join(root, "scripts", "start.ts"), "--browser", "--steps", "3"], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(start, "exit");
  const browser = await openBrowser();
  let output = "";
  for (const stream of [start.stdout, start.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  t.after(async () => {
    await browser.close();
    if (start.exitCode === null) {
      start.kill("SIGTERM");
      await ended;
      // Only an interrupt stops the run too.
      const run = /The run lies in (.+)\n/.exec(output)?.[1];
      if (run) spawnSync(process.execPath, [path.join(root, "dist", "cli.js"), "stop", run], { env: environment });
    }
    rmSync(home, { recursive: true, force: true });
  });
  const said = async (pattern: RegExp): Promise<string[]> => {
    await until(String(pattern), LIMIT_MS / 3, () => pattern.test(output) || start.exitCode !== null);
    const found = pattern.exec(output);
    assert.ok(found, output);
    return found.slice(1);
  };

  const [address = "", password = ""] = await said(/address {3}(\S+)\n {2}password {2}(\S+)\n/);
  assert.equal(new URL(address).hostname, "127.0.0.1");
  const window = new EditorWindow(await browser.newPage());
  await window.page.goto(address);
  await window.page.locator("input[type=password]").fill("not it");
  await window.page.keyboard.press("Enter");
  await window.page.getByText("Incorrect password").waitFor();
  await window.page.locator("input[type=password]").fill(password);
  await window.page.keyboard.press("Enter");

  const [run = ""] = await said(/The run lies in (.+)\n/);
  assert.ok(output.indexOf("password") < output.indexOf("The run lies in"), "the address comes before the training");
  await window.ready();
  await window.status(/quickstart/).waitFor();

  start.kill("SIGINT");
  const [code] = await ended;
  assert.equal(code, 0, output);
  assert.match(output, /Stopping: a checkpoint is taken first/);
  assert.equal(readRunRecord(run).state, "stopped");
  await assert.rejects(fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) }), "the editor is closed");
});
