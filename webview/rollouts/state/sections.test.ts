import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { SECTION_TAGS, type Section, sectionsOf } from "./sections.ts";

/** The text again, as it was cut. */
const joined = (sections: readonly Section[]): string =>
  sections
    .map((one) =>
      "inner" in one ? `<${one.kind}>${joined(one.inner)}${one.closed ? `</${one.kind}>` : ""}` : one.text,
    )
    .join("");

/** `think(text) text tool_call(text!` with `!` for what is never closed. */
const shape = (sections: readonly Section[]): string =>
  sections
    .map((one) => ("inner" in one ? `${one.kind}(${shape(one.inner)}${one.closed ? ")" : "!"}` : one.kind))
    .join(" ");

test("thoughts, examples and calls are cut apart, and what is never closed says so", () => {
  const text = '<think>a</think>\n<examples>{}</examples><tool_call>{"a": 1}</tool_call><tool_call>{';
  assert.equal(shape(sectionsOf(text)), "think(text) text examples(text) tool_call(text) tool_call(text!");
  assert.equal(shape(sectionsOf("<think>a<tool_call>b</tool_call>")), "think(text tool_call(text)!");
  assert.equal(shape(sectionsOf("a</think>b")), "text stray text");
  assert.equal(shape(sectionsOf("<think><tool_call>a</think>b")), "think(tool_call(text!) text");
  assert.equal(shape(sectionsOf("<tool_call>a<tool_call>b</tool_call>")), "tool_call(text! tool_call(text)");
});

test("a tag in a string of a call is an argument, and a string that never ends goes to the end", () => {
  assert.equal(shape(sectionsOf('<tool_call>{"a": "</tool_call>"}</tool_call>b')), "tool_call(text) text");
  assert.equal(shape(sectionsOf('<tool_call>{"a": "\\"</tool_call>"}</tool_call>')), "tool_call(text)");
  assert.equal(shape(sectionsOf('<tool_call>{"a</tool_call>')), "tool_call(text!");
  assert.equal(shape(sectionsOf('<think>"<tool_call>{}</tool_call></think>')), "think(text tool_call(text))");
});

test("nothing is lost of any text, and its length is told", () => {
  const tags = SECTION_TAGS.flatMap((tag) => [`<${tag}>`, `</${tag}>`]);
  const texts = fc.array(fc.oneof(fc.constantFrom(...tags), fc.constantFrom('"', "\\", "{}", "x"), fc.string()), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(texts, (parts) => {
      const text = parts.join("");
      const sections = sectionsOf(text);
      assert.equal(joined(sections), text);
      for (const one of sections) if ("inner" in one) assert.equal(one.length, joined(one.inner).length);
    }),
    { seed: 11, numRuns: 2000 },
  );
});

test("a megabyte of tags stays few elements", () => {
  const count = (sections: readonly Section[]): number =>
    sections.reduce((sum, one) => sum + 1 + ("inner" in one ? count(one.inner) : 0), 0);
  for (const text of ["<think>".repeat(150_000), "</think>x".repeat(100_000), '<tool_call>"'.repeat(80_000)]) {
    const sections = sectionsOf(text);
    assert.ok(count(sections) < 1100, String(count(sections)));
    assert.equal(joined(sections).length, text.length);
  }
});
