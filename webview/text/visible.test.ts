import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { oneLine, visiblePieces, visibleText } from "./visible.ts";

const unseen = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

test("what a screen does not show is shown, by a name that can be looked up", () => {
  assert.deepEqual(visiblePieces("a\u001b[2J\u202eb"), [
    { text: "a" },
    { text: "␛", control: "U+001B" },
    { text: "[2J" },
    { text: "‹202e›", control: "U+202E" },
    { text: "b" },
  ]);
  assert.deepEqual(visiblePieces(""), []);
});

test("no text has anything unseen left, and ordinary text is left as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      assert.ok(!unseen.test(visibleText(text)));
      assert.equal(
        visiblePieces(text)
          .map((piece) => piece.text)
          .join(""),
        visibleText(text),
      );
      if (!unseen.test(text) && !/\p{Co}/u.test(text)) assert.equal(visibleText(text), text);
    }),
    { seed: 3 },
  );
});

test("a megabyte of control characters does not become a million pieces", () => {
  const pieces = visiblePieces("\u0001".repeat(1_000_000));
  assert.ok(pieces.length < 5000);
  assert.equal(
    pieces.reduce((length, { text }) => length + text.length, 0),
    1_000_000,
  );
});

test("one line has no breaks and keeps to its length", () => {
  assert.equal(oneLine("a\n\tb", 10), "a b");
  assert.equal(oneLine("abcdef", 4), "abc…");
});
