/** Mistakes in a tool's schema, each found by one rule and at one place, and schemas that are sound. */
import assert from "node:assert/strict";
import test from "node:test";
import { found } from "../testing/found.ts";

const findings = (parameters: unknown): string[] =>
  found([{ type: "function", function: { name: "f", parameters } }]).map(({ rule, at }) => `${rule} ${at}`);

const property = (schema: unknown) => ({ type: "object", properties: { a: schema } });
const list = { type: "array", items: { type: "string" } };

const MISTAKES: readonly [mistake: string, parameters: unknown, findings: string[]][] = [
  ["a foreign type", property({ type: "List[int]", items: {} }), ['schema-type-name "List[int]"']],
  ["a foreign type among several", property({ type: ["str", "null"] }), ['schema-type-name ["str","null"]']],
  ["no items", property({ type: "array" }), ['array-items "array"']],
  ["no items of a list or null", property({ type: ["array", "null"] }), ['array-items ["array","null"]']],
  ["optional: true", property({ type: "string", optional: true }), ['schema-optional-keyword "optional"']],
  [
    "required of nothing",
    { type: "object", properties: { a: { type: "string" } }, required: ["a", "b"] },
    ['required-unknown "b"'],
  ],
  [
    "nested required of nothing",
    property({ type: "object", properties: {}, required: ["b"] }),
    ['required-unknown "b"'],
  ],
  ["required without properties", property({ type: "object", required: ["b"] }), ['required-unknown "b"']],
  ["default null", property({ type: "string", default: null }), ["default-null null"]],
  ["default of another type", property({ type: "integer", default: "3" }), ['default-type "3"']],
  ["default outside the enum", property({ enum: ["x"], default: "y" }), ['default-enum "y"']],
  ["enum of another type", property({ type: "integer", enum: [1, "2"] }), ['enum-type "2"']],
  ["enum on the array", property({ ...list, enum: ["x"] }), ['enum-on-array "enum"']],
  ["enum on an array or null", property({ ...list, type: ["array", "null"], enum: ["x"] }), ['enum-on-array "enum"']],
  ["required: true", property({ type: "string", required: true }), ["schema-malformed true"]],
  ["a misspelt keyword", property({ type: "string", minLenght: 1 }), ["schema-keyword 1"]],
  ["no type", property({ description: "x" }), ['property-type {"description":"x"}']],
  ["an empty enum", property({ type: "string", enum: [] }), ["enum-values []"]],
];

for (const [mistake, parameters, expected] of MISTAKES) {
  test(`one rule finds it: ${mistake}`, () => assert.deepEqual(findings(parameters), expected));
}

const SOUND: readonly [what: string, parameters: unknown][] = [
  ["a tool's parameters", { type: "object", properties: { a: { ...list, default: [] } }, required: ["a"] }],
  [
    "alternatives that only require",
    { ...property({ type: "string" }), anyOf: [{ required: ["a"] }, { type: "object", required: ["b"] }] },
  ],
  ["a null default that is allowed", property({ type: ["string", "null"], default: null })],
  ["a list that another schema describes", property({ type: "array", allOf: [{ items: { type: "string" } }] })],
  [
    "a map with a required key",
    property({ type: "object", additionalProperties: { type: "string" }, required: ["b"] }),
  ],
  ["lists among the values", property({ ...list, enum: [["x"], ["y"]] })],
  ["a property of any of some values", property({ enum: [1, "a", null] })],
];

for (const [what, parameters] of SOUND)
  test(`nothing is found in ${what}`, () => assert.deepEqual(findings(parameters), []));
