import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { loadCatalog } from "../toolcalls/catalog.ts";
import { loadSamples } from "../toolcalls/samples.ts";

function cli(cwd: string, ...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "..", "cli.ts"), ...args], {
    cwd,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

/** A folder with 40 rows of 20 tools in the form of xLAM. */
function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "toolexpander-import-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const rows = Array.from({ length: 40 }, (_, index) => {
    const name = `look_up_${index % 20}`;
    const parameters = { key: { type: "str", description: "What to look up." } };
    return {
      id: index,
      query: `Look up entry ${index}.`,
      tools: JSON.stringify([{ name, description: "Looks something up.", parameters }]),
      answers: JSON.stringify([{ name, arguments: { key: `entry ${index}` } }]),
    };
  });
  writeFileSync(join(folder, "xlam.json"), JSON.stringify(rows));
  return folder;
}

test("import writes what training reads, and nothing over an earlier import", (t) => {
  const folder = folderOf(t);
  const { code, stdout, stderr } = cli(folder, "import", "xlam.json", "--out", "data", "--held-out", "0.25");
  assert.equal(stderr, "");
  assert.equal(code, 0);
  assert.match(stdout, /^40 rows of 20 tools\.\nTraining 30, held out 10 rows of 5 tools that training never sees\.\n/);
  const file = (name: string): string => join(folder, "data", name);
  const tools = loadCatalog([file("tools/imported.tools.json")]);
  assert.equal(loadSamples(file("train.samples.jsonl"), tools).length, 30);
  assert.equal(loadSamples(file("heldout.samples.jsonl"), tools).length, 10);
  assert.equal(cli(folder, "validate", "data").code, 0);

  const before = readFileSync(file("train.samples.jsonl"), "utf8");
  const again = cli(folder, "import", "xlam.json", "--out", "data");
  assert.equal(again.code, 1);
  assert.match(again.stderr, /imported\.tools\.json: This file is already there; choose another folder with --out, or/);
  assert.equal(readFileSync(file("train.samples.jsonl"), "utf8"), before);
  const other = cli(folder, "import", "xlam.json", "--out", "data", "--force", "--seed", "3", "--json");
  assert.equal(other.code, 0);
  assert.equal(JSON.parse(other.stdout).imported, 40);
  assert.notEqual(readFileSync(file("train.samples.jsonl"), "utf8"), before);
});

test("import of nothing says why, and what is misused", (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, "notes.json"), '{"a":1}');
  const none = cli(folder, "import", "notes.json", "--out", "data");
  assert.equal(none.code, 1);
  assert.match(none.stdout, /It is of no dialect that is known/);
  assert.match(none.stderr, /Nothing could be imported/);
  assert.match(cli(folder, "import", "nowhere").stderr, /nowhere: No file is named so/);
  assert.match(cli(folder, "import", "xlam.json", "--dialect", "xlan").stderr, /did you mean "xlam"/i);
  assert.equal(cli(folder, "import", "xlam.json", "--held-out", "1").code, 2);
});
