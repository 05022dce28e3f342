import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { temporaryFolder } from "../testing/harness.ts";
import { clearLeftovers } from "./leftovers.ts";

/** Beyond the largest id that Linux gives (PID_MAX_LIMIT). */
const NOBODY = 2 ** 22 + 1;

test("what dead processes left goes, what living ones write and what has a name of its own stays", (t) => {
  const folder = join(temporaryFolder(t), "run");
  mkdirSync(join(folder, `model.tmp-${NOBODY}`, "deeper"), { recursive: true });
  const stays = ["run.json", `run.json.tmp-${process.pid}`, `server.json.claim-${process.pid}-0a1b2c3d`, "notes.tmp"];
  const goes = [
    `run.json.tmp-${NOBODY}`,
    `server.json.claim-${NOBODY}-0a1b2c3d`,
    `server.json.claim-${NOBODY}-0a1b2c3d.tmp-${NOBODY}`,
    `server.json.stale-${NOBODY}`,
  ];
  for (const name of [...stays, ...goes]) writeFileSync(join(folder, name), "");
  clearLeftovers(folder);
  assert.deepEqual(readdirSync(folder).sort(), stays.sort());
});
