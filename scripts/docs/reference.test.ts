import assert from "node:assert/strict";
import test from "node:test";
import { lostTexts } from "./curvesPage.ts";
import { staleReference } from "./reference.ts";
import { fieldsOf, row, typeOf } from "./schemaTable.ts";

test("the pages of formats, commands, settings and curves are as their sources say", () => {
  assert.deepEqual(staleReference(), [], "run node scripts/docs/reference.ts");
  assert.deepEqual(lostTexts(), [], "a text of scripts/docs/curveTexts.ts is of no chart");
});

test("a schema becomes rows: keys with their path, types in words, what may be left out", () => {
  const schema = {
    type: "object",
    required: ["calls"],
    properties: {
      calls: {
        type: "array",
        minItems: 1,
        items: { type: "object", properties: { name: { type: "string", description: "Tool." } }, required: ["name"] },
      },
      rate: { type: "number", exclusiveMinimum: 0, maximum: 1 },
    },
  };
  assert.deepEqual(fieldsOf(schema), [
    { key: "calls", type: "list of objects, at least 1", optional: false, text: "" },
    { key: "calls[].name", type: "text", optional: false, text: "Tool." },
    { key: "rate", type: "number, above 0 to 1", optional: true, text: "" },
  ]);
  assert.equal(typeOf({ anyOf: [{ const: "a" }, { type: "integer", minimum: 2 }] }), '`"a"` or integer, from 2');
  assert.equal(row("a|b", "c\nd"), "| a\\|b | c d |");
});
