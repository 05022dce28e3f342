import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { plain, showValue } from "./display.ts";
import { endWithHint, nearest } from "./nearest.ts";

test("no control, format or lone surrogate character survives", () => {
  assert.equal(plain("a\u001b[31mb\u009b\u200fc\u2028"), "a\\u001b[31mb\\u009b\\u200fc\\u2028");
  assert.equal(plain("\u{e0041}"), "\\u{e0041}");
  assert.equal(plain("Zürich 東京 🍣"), "Zürich 東京 🍣");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 20 }), (text, limit) => {
      assert.doesNotMatch(plain(text, limit), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test("long text is cut, also between the halves of a pair", () => {
  assert.equal(plain("abcdef", 4), "abc…");
  assert.equal(plain("abcd", 4), "abcd");
  assert.equal(plain("ab😀cd", 4), "ab\\ud83d…");
  assert.equal(showValue({ a: ["x"] }), '{"a":["x"]}');
});

test("the nearest known word is found, and nothing far away", () => {
  const known = ["groupSize", "promptsPerStep", "temperature"];
  assert.equal(nearest("groupSzie", known), "groupSize");
  assert.equal(nearest("GROUPSIZE", known), "groupSize");
  assert.equal(nearest("temprature", known), "temperature");
  assert.equal(nearest("zzz", known), undefined);
  assert.equal(nearest("x".repeat(100_000), known), undefined);
  assert.equal(endWithHint("group_size", known), '; did you mean "groupSize"?');
  assert.equal(endWithHint("other", known), ".");
});
