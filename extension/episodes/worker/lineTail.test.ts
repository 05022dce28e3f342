import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import fc from "fast-check";
import { LineTail, type TailLine } from "./lineTail.ts";

function fileIn(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "tail-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "a.jsonl");
}

/** What a reader holds: of a line that came open and then whole the latter. */
function taken(known: Map<number, TailLine>, lines: readonly TailLine[]): Map<number, TailLine> {
  for (const line of lines) known.set(line.number, line);
  return known;
}

test("whatever is appended and read in whatever pieces, the lines are those of the file, with their places", (t) => {
  const file = fileIn(t);
  const piece = fc.record({ text: fc.stringMatching(/^[aé\n\r]{0,12}$/), most: fc.integer({ min: 1, max: 9 }) });
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
      writeFileSync(file, "");
      const tail = new LineTail(file);
      const known = new Map<number, TailLine>();
      let whole = "";
      for (const { text, most } of pieces) {
        appendFileSync(file, text);
        whole += text;
        const part = tail.read(most);
        assert.equal(part.anew, false);
        taken(known, part.lines);
      }
      for (let before = -1; tail.progress.read > before; ) {
        before = tail.progress.read;
        taken(known, tail.read(3).lines);
      }
      const lines = whole.split("\n");
      if (lines.at(-1) === "") lines.pop();
      assert.deepEqual(
        [...known.values()].map(({ bytes }) => bytes?.toString("utf8")),
        lines,
      );
      const bytes = Buffer.from(whole);
      for (const { start, bytes: own } of known.values())
        assert.deepEqual(bytes.subarray(start, start + (own?.length ?? 0)), own);
    }),
    { seed: 5, numRuns: 200 },
  );
});

test("a line without an end comes open, and again when it has one", (t) => {
  const file = fileIn(t);
  writeFileSync(file, "a\nb");
  const tail = new LineTail(file);
  const shown = ({ lines }: { lines: TailLine[] }) =>
    lines.map(({ number, bytes, open }) => [number, `${bytes}`, open]);
  assert.deepEqual(shown(tail.read(100)), [
    [1, "a", false],
    [2, "b", true],
  ]);
  assert.deepEqual(shown(tail.read(100)), []);
  appendFileSync(file, "c\nd\n");
  assert.deepEqual(shown(tail.read(100)), [
    [2, "bc", false],
    [3, "d", false],
  ]);
});

test("another file, one that was cut, and one that was written anew are read from the beginning", (t) => {
  const file = fileIn(t);
  writeFileSync(file, "one\ntwo\n");
  const tail = new LineTail(file);
  const numbers = () => {
    const { lines, anew } = tail.read(100);
    return [anew, ...lines.map(({ number, bytes }) => `${number} ${bytes}`)];
  };
  assert.deepEqual(numbers(), [false, "1 one", "2 two"]);
  writeFileSync(`${file}.new`, "three\nfour\nfive\n");
  renameSync(`${file}.new`, file);
  assert.deepEqual(numbers(), [true, "1 three", "2 four", "3 five"]);
  writeFileSync(file, "six\n");
  assert.deepEqual(numbers(), [true, "1 six"]);
  writeFileSync(file, "longer than before\nsix\n");
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
  assert.deepEqual(numbers(), [true, "1 longer than before", "2 six"]);
  writeFileSync(file, "lunger than before\nsix\n");
  utimesSync(file, new Date(), new Date(Date.now() + 9000));
  assert.deepEqual(numbers(), [true, "1 lunger than before", "2 six"]);
  rmSync(file);
  assert.throws(() => tail.read(100), /ENOENT/);
});
