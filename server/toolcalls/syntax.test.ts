import assert from "node:assert/strict";
import test from "node:test";
import { firstSyntaxFault, syntaxTree } from "./syntax.ts";

const MANY = 200_000;
/** What no count of brackets finds deep, and the library goes down into. */
const HIDDEN = {
  "behind a string that its line ends": `{"a": "open\n, "b": ${"[[],".repeat(MANY)}`,
  "by brackets that close another kind": "[}, ".repeat(MANY),
};

for (const [how, text] of Object.entries(HIDDEN)) {
  test(`levels that are hidden ${how} are a fault and no tree, and overflow nothing`, () => {
    assert.ok(firstSyntaxFault(text));
    assert.equal(syntaxTree(text), undefined);
  });
}

test("the fault before levels that are hidden is the one that is told", () => {
  const fault = firstSyntaxFault(`{"a": "open\n, "b": ${"[[],".repeat(MANY)}`);
  assert.deepEqual(fault, { offset: 6, sentence: "This string is never closed." });
});

test("a text with faults has the tree of what can be read", () => {
  assert.deepEqual(
    syntaxTree('{"a": 1, "b"')?.children?.map(({ type }) => type),
    ["property", "property"],
  );
});
