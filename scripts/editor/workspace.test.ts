import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { workspaceFor } from "./workspace.ts";

test("a copy is kept as it was left until the source changes", (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "toolexpander-workspace-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const source = path.join(folder, "quickstart");
  mkdirSync(path.join(source, "tools"), { recursive: true });
  mkdirSync(path.join(source, "runs", "one"), { recursive: true });
  writeFileSync(path.join(source, "experiment.json"), "{}");
  writeFileSync(path.join(source, "tools", "a.tools.json"), "[]");
  writeFileSync(path.join(source, "runs", "one", "run.json"), "{}");
  const below = path.join(folder, "copies");

  const first = workspaceFor(source, below);
  assert.equal(path.basename(first), "quickstart");
  assert.equal(readFileSync(path.join(first, "tools", "a.tools.json"), "utf8"), "[]");
  assert.equal(existsSync(path.join(first, "runs")), false, "another workspace's runs are not its own");

  writeFileSync(path.join(first, "experiment.json"), '{ "edited": true }');
  writeFileSync(path.join(source, "runs", "one", "run.json"), '{ "later": true }');
  assert.equal(workspaceFor(source, below), first);
  assert.match(readFileSync(path.join(first, "experiment.json"), "utf8"), /edited/);

  writeFileSync(path.join(source, "tools", "a.tools.json"), "[1]");
  const second = workspaceFor(source, below);
  assert.notEqual(second, first);
  assert.equal(readFileSync(path.join(second, "experiment.json"), "utf8"), "{}");
});
