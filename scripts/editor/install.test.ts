/** The install on demand, with a program in the place of npm. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { type TestContext } from "node:test";
import { EditorUnavailable, installEditor } from "./install.ts";
import { cacheFolder, editor, servedHere, serverProgram } from "./places.ts";

const skip = !servedHere && "VS Code is not served to a browser here";

/** Puts a shell script first on the path as `npm`; it is called in the folder it installs into. */
function withNpm(t: TestContext, script: string): { folder: string; calls: () => string[] } {
  const place = mkdtempSync(path.join(tmpdir(), "toolexpander-install-"));
  const before = process.env.PATH;
  t.after(() => {
    process.env.PATH = before;
    rmSync(place, { recursive: true, force: true });
  });
  const log = path.join(place, "calls");
  mkdirSync(path.join(place, "bin"));
  writeFileSync(path.join(place, "bin", "npm"), `#!/bin/sh\necho "$@" >> '${log}'\n${script}\n`, { mode: 0o755 });
  process.env.PATH = `${path.join(place, "bin")}${path.delimiter}${before}`;
  const calls = () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);
  return { folder: path.join(place, "cache", "editor"), calls };
}

const makesAll = `mkdir -p node_modules/${editor.package}/out/node node_modules/${editor.package}/lib/vscode/extensions
touch node_modules/${editor.package}/out/node/entry.js`;

test("it is installed once, whole, and found by the next", { skip }, async (t) => {
  const { folder, calls } = withNpm(t, makesAll);
  const said: string[] = [];
  assert.equal(await installEditor((text) => said.push(text), folder), folder);
  assert.ok(existsSync(serverProgram(folder)));
  assert.deepEqual(readdirSync(path.dirname(folder)), ["editor"]);
  assert.match(said[0] ?? "", /about \d+ MB/);
  const made = calls().length;
  assert.ok(calls().every((call) => call.includes("--ignore-scripts")));
  await installEditor(assert.fail, folder);
  assert.equal(calls().length, made);
});

test("an install that fails leaves nothing and says why", { skip }, async (t) => {
  const { folder } = withNpm(t, `${makesAll}\necho "npm error getaddrinfo ENOTFOUND" >&2\nexit 1`);
  await assert.rejects(
    installEditor(() => {}, folder),
    (error: Error) => {
      assert.ok(error instanceof EditorUnavailable);
      assert.match(error.message, /registry within reach\? It said: npm error getaddrinfo ENOTFOUND/);
      return true;
    },
  );
  assert.deepEqual(readdirSync(path.dirname(folder)), []);
});

test("what a killed install left is cleared away; one that goes on is let be", { skip }, async (t) => {
  const { folder } = withNpm(t, makesAll);
  const live = `${folder}.${process.ppid}.partial`;
  // Above the largest process id there can be.
  const dead = `${folder}.4194305.partial`;
  for (const partial of [live, dead]) mkdirSync(partial, { recursive: true });
  await installEditor(() => {}, folder);
  assert.deepEqual([existsSync(live), existsSync(dead)], [true, false]);
});

test("the cache is the user's, and a relative one is not believed", { skip: process.platform !== "linux" }, () => {
  assert.equal(cacheFolder({ XDG_CACHE_HOME: "/some/cache" }), "/some/cache/toolexpander");
  assert.match(cacheFolder({ XDG_CACHE_HOME: "cache" }), /\.cache\/toolexpander$/);
  assert.equal(cacheFolder({ XDG_CACHE_HOME: "/some/cache", TOOLEXPANDER_CACHE: "/other" }), "/other");
});
