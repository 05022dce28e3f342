import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { splitLines, TextLines, type TextPosition, withoutEnd } from "./lines.ts";

const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r", "\r\n", "{") });
const position = fc.record({ line: fc.nat(8), character: fc.nat(6) });

/** The offset of a position as the protocol defines it, computed from the whole text. */
function offsetOf(whole: string, { line, character }: TextPosition): number {
  const lines = splitLines(whole);
  const last = Math.min(line, lines.length - 1);
  const before = lines.slice(0, last).join("").length;
  const length = withoutEnd(lines[last] ?? "").length;
  return before + (line > last ? length : Math.min(character, length));
}

test("edits of lines are edits of the text, whatever line ends it mixes", () => {
  fc.assert(
    fc.property(text, fc.array(fc.tuple(position, position, text), { maxLength: 6 }), (start, edits) => {
      let expected = start;
      const lines = new TextLines(start);
      for (const [one, other, inserted] of edits) {
        const [from, to] = [offsetOf(expected, one), offsetOf(expected, other)];
        const [first, second] = from <= to ? [one, other] : [other, one];
        expected = expected.slice(0, Math.min(from, to)) + inserted + expected.slice(Math.max(from, to));
        lines.apply({ range: { start: first, end: second }, text: inserted });
        assert.equal(lines.text, expected);
        assert.deepEqual(
          Array.from({ length: lines.count }, (_, index) => lines.line(index)),
          splitLines(expected),
        );
      }
    }),
    { seed: 5, numRuns: 2000 },
  );
});
