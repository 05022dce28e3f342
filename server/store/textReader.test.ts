import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import fc from "fast-check";
import { hashOf } from "./rows.ts";
import { stepAt } from "./testing/rollouts.ts";
import { TextReader } from "./textReader.ts";
import { RunWriter } from "./writer.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "texts-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("prompts come from the last row down, and groups by their prompts", () => {
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

/** Letters whose cases SQLite does not know, signs that its patterns mean something by, ends of C strings, halves of pairs. */
const piece = fc.constantFrom(
  "a",
  "B",
  "k",
  "\u212a",
  "\u0130",
  "\u00dc",
  "\u00fc",
  "%",
  "_",
  "\\",
  "'",
  "\0",
  "\ud83d",
  "\ude00",
  " ",
);
const hostile = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));

test("every completion that holds a text is a candidate, whatever stands in it", () => {
  using writer = RunWriter.open(dir);
  writer.recordStep(stepAt(1));
  using reader = new TextReader(dir);
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 8 }), hostile, (texts, wanted) => {
      const step = stepAt(1, texts.length, 1);
      const rollouts = step.rollouts.map((record, index) => ({ ...record, completion: texts[index] as string }));
      writer.recordStep({ ...step, rollouts });
      const needle = wanted.toLowerCase();
      const holds = (text: string) => text.toLowerCase().includes(needle);
      const found = reader.candidates(needle, 1, reader.lastRow("rollouts"));
      // As they were stored: half a pair has no UTF-8.
      const stored = texts.map((text) => text.toWellFormed());
      assert.deepEqual(
        found.filter(({ text }) => text === null || holds(text)).map(({ group }) => group),
        stored.flatMap((text, group) => (holds(text) ? [group] : [])).toReversed(),
      );
      for (const { group, text } of found) assert.ok(text === null || text === stored[group]);
    }),
    { seed: 20261121, numRuns: 150 },
  );
});

test("candidates are of the rows that were asked for", () => {
  using writer = RunWriter.open(dir);
  const step = stepAt(1, 3, 1);
  const texts = ["100% sure_", "100 percent sure", "SURE"];
  const rollouts = step.rollouts.map((record, index) => ({ ...record, completion: texts[index] as string }));
  writer.recordStep({ ...step, rollouts });
  using reader = new TextReader(dir);
  const find = (text: string, first = 1, last = 3) => reader.candidates(text, first, last).map(({ group }) => group);
  assert.deepEqual(find("0% sure_"), [0]);
  assert.deepEqual(find("sure"), [2, 1, 0]);
  assert.deepEqual(find("s_re"), [], "the text is no pattern");
  assert.deepEqual(find("sure", 2, 2), [1]);
});

test("a reader that stops half-way holds no lock", () => {
  using writer = RunWriter.open(dir);
  writer.recordStep(stepAt(1));
  using reader = new TextReader(dir);
  for (const _ of reader.prompts(reader.lastRow("prompts"))) break;
  writer.recordStep(stepAt(2));
  assert.equal(reader.candidates("tool", 1, reader.lastRow("rollouts")).length, 12);
});
