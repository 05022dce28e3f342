import assert from "node:assert/strict";
import test from "node:test";
import { afterLast, beforeFirst, countWords, occurrences, roundToHundredths, strip, stripOf } from "./text.ts";

test("White space is Python's", () => {
  assert.equal(strip("\u00a0\u2003\u001c a \u0085\u3000\n"), "a");
  assert.equal(strip("\ufeffa\u200b"), "\ufeffa\u200b");
  assert.equal(strip(" \t "), "");
  assert.equal(countWords(" a\u001fb \u00a0 c\ufeffd "), 3);
  assert.equal(stripOf("`\n [a] `", "`\n "), "[a]");
});

test("Splitting takes what stands before and behind a mark", () => {
  assert.equal(afterLast("a|b|c", "|"), "c");
  assert.equal(afterLast("abc", "|"), "abc");
  assert.equal(beforeFirst("a|b|c", "|"), "a");
  assert.equal(occurrences("aaaa", "aa"), 2);
});

test("Rounding to hundredths takes the even one of two that are equally near", () => {
  assert.deepEqual(
    [0.125, 0.375, 0.625, 0.875, 2.125, 1.005, 0.135].map(roundToHundredths),
    [0.12, 0.38, 0.62, 0.88, 2.12, 1, 0.14],
  );
});
