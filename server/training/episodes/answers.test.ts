import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { foldedAnswer, isAccepted } from "./answers.ts";

test("what people write in several ways is one answer", () => {
  for (const [answer, accepted] of [
    [" 14 ", "14"],
    ["14.0", "14"],
    ["+14", "14."],
    ["1,400", "1400"],
    ["1,400.50", "1400.5"],
    ["0", "-0"],
    ["\u22123", "-3"],
    ["007", "7"],
    ["14  DAYS", "14.0 days"],
    ["Zürich.", "zürich"],
    ["ﬁve", "five"],
    ["9007199254740993.0", "9007199254740993"],
  ] as const)
    assert.ok(isAccepted(answer, ["something else", accepted]), `${answer} as ${accepted}`);
});

test("nothing is guessed", () => {
  for (const [answer, accepted] of [
    ["14 days", "14"],
    ["1,40", "140"],
    ["14", "41"],
    ["9007199254740993", "9007199254740992"],
    ["", "0"],
    ["1e1", "10"],
    ["The answer is 14", "14"],
  ] as const)
    assert.ok(!isAccepted(answer, [accepted]), `${answer} as ${accepted}`);
  assert.ok(!isAccepted("14", []));
});

test("folding twice is folding once, and case and space never count", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      assert.ok(isAccepted(text, [text]));
      assert.ok(isAccepted(`  ${text}\n`, [text]));
    }),
    { seed: 11, numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 6 }), fc.nat({ max: 3 }), (digits, places, zeros) => {
      const text = (digits / 10 ** places).toFixed(places);
      assert.equal(foldedAnswer(text.includes(".") ? text + "0".repeat(zeros) : `${text}.0`), foldedAnswer(text));
    }),
    { seed: 12, numRuns: 300 },
  );
});
