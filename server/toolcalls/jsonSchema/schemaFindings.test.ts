import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { schemaFindings } from "./schemaFindings.ts";

const short = (schema: unknown) =>
  schemaFindings(schema).map(({ kind, schemaPath }) => `${kind} ${schemaPath.join("/")}`);

const property = (schema: unknown) => ({ type: "object", properties: { a: schema } });

const mistakes: [name: string, schema: unknown, findings: string[]][] = [
  ["no type", property({ description: "x" }), ["property-without-type properties/a"]],
  ["required: true", property({ type: "string", required: true }), ["required-boolean properties/a/required"]],
  [
    "required among the properties",
    { properties: { a: { type: "string" }, required: ["a"] } },
    ["required-inside-properties properties/required"],
  ],
  ["required as a string", { ...property({ type: "string" }), required: "a" }, ["malformed-keyword required"]],
  ["properties as a list", { type: "object", properties: [] }, ["malformed-keyword properties"]],
  ["enum twice", property({ enum: ["x", "y", "x"] }), ["enum-duplicate properties/a/enum/2"]],
  ["empty enum", property({ enum: [] }), ["enum-empty properties/a/enum"]],
  ["bounds", property({ type: "integer", minimum: 3, maximum: 2 }), ["bounds-contradict properties/a/minimum"]],
  ["a misspelt keyword", { ...property({ type: "string" }), requried: ["a"] }, ["misspelt-keyword requried"]],
  ["no pattern", property({ type: "string", pattern: "(" }), ["pattern-syntax properties/a/pattern"]],
  [
    "a pattern without linear form",
    property({ type: "string", pattern: "(?=a)" }),
    ["pattern-unsupported properties/a/pattern"],
  ],
  ["a remote reference", property({ $ref: "https://example.org/a" }), ["reference-remote properties/a/$ref"]],
  ["an unknown reference", property({ $ref: "#/$defs/b" }), ["reference-unresolved properties/a/$ref"]],
  ["a circle", property({ $ref: "#/properties/a" }), ["reference-loop properties/a/$ref"]],
  ["an unknown draft", { $schema: "https://example.org/mine" }, ["unknown-draft $schema"]],
  ["no schema", 3, ["not-a-schema "]],
];

for (const [name, schema, findings] of mistakes) {
  test(`a mistake of a schema is found, and nothing else: ${name}`, () => assert.deepEqual(short(schema), findings));
}

const sound: [name: string, schema: unknown][] = [
  [
    "a tool's parameters",
    { type: "object", properties: { a: { type: "array", items: { type: "string" }, default: [] } }, required: ["a"] },
  ],
  [
    "alternatives that only require",
    { type: "object", properties: { a: { type: "string" } }, anyOf: [{ required: ["a"] }, { required: ["b"] }] },
  ],
  ["remarks", { type: "object", title: "x", examples: [], "x-order": 1, $comment: "", readOnly: true, nullable: true }],
  ["a null default that is allowed", property({ type: ["string", "null"], default: null })],
  ["a map with a required key", { type: "object", additionalProperties: { type: "string" }, required: ["a"] }],
  ["a tree", { properties: { child: { $ref: "#" } } }],
  [
    "draft-07 with a list of items",
    { $schema: "http://json-schema.org/draft-07/schema#", items: [{ type: "string" }] },
  ],
  ["a property of any of some values", property({ enum: [1, "a", null] })],
];

for (const [name, schema] of sound) {
  test(`a sound schema has no findings: ${name}`, () => assert.deepEqual(short(schema), []));
}

test("a finding holds what its fix needs", () => {
  const [finding] = schemaFindings({ properties: { city: { type: "string" } }, requried: ["city"] });
  assert.equal(
    finding?.message,
    '"requried" is no keyword of JSON Schema, so it does nothing; did you mean "required"?',
  );
  assert.deepEqual(finding?.params, { suggestion: "required" });
});

test("no JSON makes it throw, and every path leads to something", () => {
  const keyword = fc.constantFrom(
    "type",
    "properties",
    "required",
    "enum",
    "default",
    "items",
    "$ref",
    "pattern",
    "allOf",
  );
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, true, 0, "object", "array", "dict", "#", "a"),
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(fc.oneof(keyword, fc.string({ maxLength: 3 })), tie("json"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(json, (schema) => {
      for (const { schemaPath } of schemaFindings(schema)) {
        let here: unknown = schema;
        for (const step of schemaPath) {
          assert.ok(typeof here === "object" && here !== null && Object.hasOwn(here, step), schemaPath.join("/"));
          here = Reflect.get(here, step);
        }
      }
    }),
    { seed: 31, numRuns: 1_000 },
  );
});
