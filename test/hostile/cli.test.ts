/** Whatever files and models say, a terminal gets text: on standard output, on the error stream, and as JSON. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { visible } from "../../server/toolcalls/display.ts";
import { ENGINE_MODULE } from "../../server/training/engine/remote/messages.ts";
import { resolveExperiment } from "../../server/training/experiment.ts";
import { createRun } from "../../server/training/newRun.ts";
import { engineModule } from "../../server/training/testing/harness.ts";
import { writeWorkspace } from "../../server/training/testing/workspace.ts";
import { root } from "../sources.ts";
import { HOSTILE, OBEYED_IN_LINES } from "./texts.ts";

const cli = join(root, "server", "cli.ts");

/** A workspace whose rows, tools and runs are called and say what they should not. */
function hostileWorkspace(t: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "te-")));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const name of ["r", "s"]) mkdirSync(join(folder, name), { mode: 0o700 });
  const file = writeWorkspace(folder);
  const rows = readFileSync(join(folder, "heldOut.jsonl"), "utf8").trim().split("\n");
  const hostile = rows.map((row, index) =>
    JSON.stringify({ ...JSON.parse(row), id: `${HOSTILE}${index}`, category: HOSTILE }),
  );
  writeFileSync(join(folder, "heldOut.jsonl"), `${hostile.join("\n")}\n`);
  const run = createRun(resolveExperiment(file, {}));
  const record = JSON.parse(readFileSync(join(run, "run.json"), "utf8"));
  writeFileSync(join(run, "run.json"), JSON.stringify({ ...record, state: "failed", message: HOSTILE }));
  const tool = { type: "function", function: { name: HOSTILE, description: HOSTILE, parameters: { type: HOSTILE } } };
  writeFileSync(join(folder, "bad.tools.json"), JSON.stringify([tool, tool]));
  writeFileSync(join(folder, "bad.samples.jsonl"), `${JSON.stringify({ id: HOSTILE, query: 7, [HOSTILE]: 1 })}\n`);
  writeFileSync(join(folder, "bad.experiment.json"), JSON.stringify({ name: "a", preset: HOSTILE, [HOSTILE]: 1 }));
  writeFileSync(join(folder, "throwing.mjs"), `export default () => { throw new Error(${JSON.stringify(HOSTILE)}); };`);
  const pair = {
    id: HOSTILE,
    gold: [],
    completion: HOSTILE,
    sample: { id: HOSTILE, query: HOSTILE, tools: [], answer: [] },
  };
  writeFileSync(join(folder, "pairs.jsonl"), `${JSON.stringify(pair)}\n${HOSTILE.replaceAll("\n", " ")}\n`);
  return folder;
}

const VERBS: readonly string[][] = [
  ["validate", "."],
  ["validate", ".", "--format", "json"],
  ["runs"],
  ["runs", "--json"],
  ["train", "bad.experiment.json"],
  ["train", HOSTILE.replaceAll("\0", "")],
  ["eval", "experiment.json"],
  ["eval", "experiment.json", "--json"],
  ["import", "bad.samples.jsonl", "--dry-run"],
  ["import", "heldOut.jsonl", "--dry-run", "--json"],
  ["rename", HOSTILE, "x", "."],
  ["score", "--reward", "./throwing.mjs", "--input", "pairs.jsonl"],
];

test("no verb lets a control character through", (t) => {
  const folder = hostileWorkspace(t);
  let said = 0;
  for (const args of VERBS) {
    const { stdout, stderr } = spawnSync(process.execPath, [cli, ...args.map((arg) => arg.toWellFormed())], {
      cwd: folder,
      encoding: "utf8",
      env: {
        ...process.env,
        [ENGINE_MODULE]: engineModule("fakeEngine"),
        XDG_RUNTIME_DIR: join(folder, "r"),
        XDG_STATE_HOME: join(folder, "s"),
      },
      timeout: 120_000,
    });
    for (const text of [stdout, stderr]) {
      assert.doesNotMatch(
        text,
        OBEYED_IN_LINES,
        `${args.join(" ").slice(0, 60)}: ${JSON.stringify(text.slice(0, 2000))}`,
      );
      if (text.includes("Fix it")) said++;
    }
    assert.ok((stdout + stderr).length > 0, args.join(" "));
  }
  assert.ok(said >= 6, `hostile text was in ${said} outputs only`);
});

test("JSON for a terminal says what it said", () => {
  const value = { [HOSTILE]: [HOSTILE, "\u{e0001}", "ö \u{1f642}"] };
  const text = visible(JSON.stringify(value));
  assert.doesNotMatch(text, OBEYED_IN_LINES);
  assert.deepEqual(JSON.parse(text), value);
  assert.ok(text.includes("ö \u{1f642}"));
});
