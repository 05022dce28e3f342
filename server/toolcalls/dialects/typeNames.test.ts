import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { namedType, standardSchema } from "./typeNames.ts";

test("names of other languages mean types of JSON Schema", () => {
  const cases: [name: string, schema: unknown, optional?: boolean][] = [
    ["string", { type: "string" }],
    ["dict", { type: "object" }],
    ["float", { type: "number" }],
    ["str, optional", { type: "string" }, true],
    ["List[int]", { type: "array", items: { type: "integer" } }],
    ["list(str)", { type: "array", items: { type: "string" } }],
    ["List[Union[int, float]]", { type: "array", items: { anyOf: [{ type: "integer" }, { type: "number" }] } }],
    ["Optional[str]", { anyOf: [{ type: "string" }, { type: "null" }] }],
    ["Dict[str, int]", { type: "object" }],
    ["ArrayList<String>", { type: "array", items: { type: "string" } }],
    ["string[]", { type: "array", items: { type: "string" } }],
    ["HashMap", { type: "object" }],
    ["any", {}],
  ];
  for (const [name, schema, optional = false] of cases) assert.deepEqual(namedType(name), { schema, optional }, name);
  assert.equal(namedType("wibble"), undefined);
  assert.equal(namedType(""), undefined);
});

test("a schema of JSON Schema's own types stays the same object", () => {
  const schema = {
    type: "object",
    properties: { a: { type: ["string", "null"] }, b: { type: "array", items: { type: "integer" } } },
  };
  assert.equal(standardSchema(schema), schema);
});

test("type names are replaced at every depth, and properties called `type` are left alone", () => {
  const schema = {
    type: "dict",
    properties: { type: { type: "str" }, list: { type: "List[float]" }, other: { type: "wibble" } },
  };
  assert.deepEqual(standardSchema(schema), {
    type: "object",
    properties: { type: { type: "string" }, list: { type: "array", items: { type: "number" } }, other: {} },
  });
});

test("no name and no schema makes it throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."List[]<>(),Union optional int") }), (name) => {
      namedType(name);
    }),
    { seed: 12, numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      standardSchema(value);
    }),
    { seed: 13, numRuns: 300 },
  );
});
