import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import { hashOf } from "./rows.ts";
import { stepAt } from "./testing/rollouts.ts";
import { TextReader } from "./textReader.ts";
import { RunWriter } from "./writer.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "texts-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("completions and prompts come from the last row down, and from any row on", () => {
  using writer = RunWriter.open(dir);
  const step = stepAt(1, 3, 1);
  const texts = ["first", "with a \0 inside", "last"];
  const rollouts = step.rollouts.map((record, index) => ({
    ...record,
    prompt: `prompt ${index % 2}`,
    completion: texts[index] as string,
  }));
  writer.recordStep({ ...step, rollouts });
  using reader = new TextReader(dir);
  assert.deepEqual([reader.lastRow("rollouts"), reader.lastRow("prompts")], [3, 2]);
  assert.deepEqual(
    [...reader.completions(3)].map(({ row, group, text }) => [row, group, text]),
    [
      [3, 2, "last"],
      [2, 1, "with a \0 inside"],
      [1, 0, "first"],
    ],
  );
  assert.deepEqual(
    [...reader.completions(1)].map(({ text }) => text),
    ["first"],
  );
  assert.deepEqual(
    [...reader.prompts(2)].map(({ text, hash }) => [text, hash]),
    [1, 0].map((number) => [`prompt ${number}`, hashOf(`prompt ${number}`)]),
  );
  assert.deepEqual(
    reader.groupsWith([hashOf("prompt 0"), hashOf("of nobody")]).map(({ group }) => group),
    [2, 0],
  );
  assert.deepEqual(reader.groupsWith([]), []);
  const second = { step: 1, phase: "train", group: 1 } as const;
  assert.deepEqual([...reader.textsOf(second, "completion")], ["with a \0 inside"]);
  assert.deepEqual([...reader.textsOf(second, "prompt")], ["prompt 1"]);
  assert.deepEqual([...reader.textsOf({ ...second, step: 9 }, "prompt")], []);
});

test("a reader that stops half-way holds no lock", () => {
  using writer = RunWriter.open(dir);
  writer.recordStep(stepAt(1));
  using reader = new TextReader(dir);
  for (const _ of reader.completions(reader.lastRow("rollouts"))) break;
  writer.recordStep(stepAt(2));
  assert.equal([...reader.completions(reader.lastRow("rollouts"))].length, 12);
});
