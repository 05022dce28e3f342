import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";

const root = path.resolve(import.meta.dirname, "../..");

const tools =
  '\uFEFF[{"type":"function","function":{"name":"heat","parameters":{"type":"object","properties":{"room":{"type":"string"}},"required":["room"]}}},{"type":"function","function":{"name":"sing"}}]';
const samples = [
  '{"id":"é😀","query":"heat","tools":["heat","sing"],"answer":[{"name":"heat","arguments":{"room":"heat"}}]}',
  "",
  "{broken heat",
  '{"id":"b","query":"q","tools":["sing"],"answer":[]}',
].join("\r\n");
const renamed = (text: string): string =>
  text.replaceAll('"name":"heat"', '"name":"warm_up"').replace('"tools":["heat"', '"tools":["warm_up"');

test("rename changes names and nothing else, or nothing at all", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "toolexpander-rename-"));
  try {
    const read = (name: string): string => readFileSync(path.join(folder, name), "utf8");
    const rename = (...args: string[]) => {
      const command = [path.join(root, "server/cli.ts"), "rename", ...args];
      const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8", cwd: folder });
      return { status, said: stdout + stderr };
    };
    writeFileSync(path.join(folder, "a.tools.json"), tools);
    writeFileSync(path.join(folder, "a.samples.jsonl"), samples);

    assert.deepEqual(rename("heat", "sing"), {
      status: 1,
      said: `"sing" is already used beside "heat" in a.samples.jsonl, line 1; choose another name.\n`,
    });
    assert.deepEqual(rename("cool", "warm"), { status: 1, said: 'No tool "cool" is defined in these files.\n' });
    assert.equal(rename("heat", "warm", "missing").status, 2);
    assert.equal(rename("heat", "warm_up", "--dry-run").status, 0);
    assert.equal(read("a.tools.json") + read("a.samples.jsonl"), tools + samples);

    const done = rename("heat", "warm_up");
    assert.deepEqual(done, { status: 0, said: "a.samples.jsonl: 2 places changed\na.tools.json: 1 place changed\n" });
    assert.equal(read("a.tools.json"), renamed(tools));
    assert.equal(read("a.samples.jsonl"), renamed(samples));
    assert.equal(rename("room", "space", "--tool", "warm_up").status, 0);
    assert.equal(read("a.tools.json"), renamed(tools).replaceAll('"room"', '"space"'));
    assert.equal(read("a.samples.jsonl"), renamed(samples).replaceAll('"room"', '"space"'));
    assert.deepEqual(readdirSync(folder).sort(), ["a.samples.jsonl", "a.tools.json"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
