import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { temporaryFolder } from "../../server/training/testing/harness.ts";
import { copyQuickstart } from "./quickstart.ts";

test("the quickstart is copied without the runs of whoever packaged it, and over nothing", async (t) => {
  const dir = temporaryFolder(t);
  const source = join(dir, "source");
  mkdirSync(join(source, "policy"), { recursive: true });
  mkdirSync(join(source, "runs", "20261120-140509-quickstart"), { recursive: true });
  writeFileSync(join(source, "policy", "config.json"), "{}");
  writeFileSync(join(source, "experiment.json"), "experiment");
  const parent = join(dir, "chosen", "deep");
  const first = await copyQuickstart(source, parent);
  assert.equal(first, join(parent, "toolexpander-quickstart"));
  assert.deepEqual(readdirSync(first).sort(), ["experiment.json", "policy"]);
  assert.ok(existsSync(join(first, "policy", "config.json")));
  writeFileSync(join(first, "experiment.json"), "mine");
  assert.equal(await copyQuickstart(source, parent), `${first}-2`);
  assert.equal(readFileSync(join(first, "experiment.json"), "utf8"), "mine");
  assert.deepEqual(readdirSync(parent).sort(), ["toolexpander-quickstart", "toolexpander-quickstart-2"]);
});

test("a place that takes no folder says so and is left as it was", async (t) => {
  const dir = temporaryFolder(t);
  writeFileSync(join(dir, "file"), "");
  await assert.rejects(copyQuickstart(join(dir, "none"), join(dir, "file")));
  assert.deepEqual(
    readdirSync(dir).filter((name) => name.includes("quickstart")),
    [],
  );
});
