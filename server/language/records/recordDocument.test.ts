import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { splitLines, type TextPosition } from "./lines.ts";
import { RecordDocument } from "./recordDocument.ts";

const piece = fc.constantFrom('{"a":1}', '{"b":[1,2]}', "[", "]", ",", "\n", "\r\n", " ", "x");
const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(""));
const position = fc.record({ line: fc.nat(6), character: fc.nat(10) });

const shape = (document: RecordDocument): unknown => ({
  layout: document.layout,
  records: Array.from({ length: document.count }, (_, index) => [document.slot(index)?.text, document.start(index)]),
});

const isBefore = (left: TextPosition, right: TextPosition): boolean =>
  left.line < right.line || (left.line === right.line && left.character <= right.character);

for (const file of ["a.jsonl", "a.json"]) {
  test(`after any edits ${file} has the records it would have if opened anew, and says which changed`, () => {
    fc.assert(
      fc.property(text, fc.array(fc.tuple(position, position, text), { maxLength: 5 }), (start, edits) => {
        const document = new RecordDocument(file, start);
        for (const [one, other, inserted] of edits) {
          const before = Array.from({ length: document.count }, (_, index) => document.slot(index));
          const [first, second] = isBefore(one, other) ? [one, other] : [other, one];
          const change = document.apply({ range: { start: first, end: second }, text: inserted });
          // What was laid out in lines stays so while its first line is being typed.
          const opened = new RecordDocument(document.layout === "lines" ? "a.jsonl" : file, document.text);
          assert.deepEqual(shape(document), shape(opened));
          const after = Array.from({ length: document.count }, (_, index) => document.slot(index));
          assert.equal(after.length, before.length - change.removed.length + change.added.length);
          for (let index = 0; index < change.from; index++) assert.equal(after[index], before[index]);
          assert.deepEqual(change.added, after.slice(change.from, change.from + change.added.length));
          const behind = before.length - change.from - change.removed.length;
          for (let back = 1; back <= behind; back++) assert.equal(after.at(-back), before.at(-back));
        }
      }),
      { seed: 6, numRuns: 1000 },
    );
  });
}

test("positions and offsets of records are each other's inverse", () => {
  const source = '\uFEFF[\n  {"a": 1},\r\n  {\n    "b": 2\n  }\n]\n';
  const document = new RecordDocument("tools.json", source);
  assert.equal(document.layout, "items");
  for (let index = 0; index < document.count; index++) {
    const record = document.slot(index)?.text ?? "";
    for (let offset = 0; offset < record.length; offset++) {
      if (record.charAt(offset) === "\n" && record.charAt(offset - 1) === "\r") continue;
      assert.deepEqual(document.at(document.position(index, offset)), { index, offset });
    }
  }
  const lines = splitLines(source.slice(1));
  const { line, character } = document.position(1, (document.slot(1)?.text ?? "").indexOf('"b"'));
  assert.equal(lines[line]?.slice(character, character + 3), '"b"');
});

test("the layout follows the name and the content", () => {
  const layoutOf = (file: string, content: string) => new RecordDocument(file, content).layout;
  assert.equal(layoutOf("a.jsonl", "{"), "lines");
  assert.equal(layoutOf("a.json", '{"id":1}\n{"id":2}\n'), "lines", "JSON Lines under a .json name");
  assert.equal(layoutOf("a.json", '{"id":1}\n'), "document");
  assert.equal(layoutOf("a.json", '[{"id":1},{"id":2}]'), "items");
  assert.equal(layoutOf("a.json", '[{"id":1},{"id":2},]'), "document", "a fault between items belongs to the whole");
  assert.equal(layoutOf("a.json", "[1,2]"), "document");
});
