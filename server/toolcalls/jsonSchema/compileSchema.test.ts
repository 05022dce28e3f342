import assert from "node:assert/strict";
import test from "node:test";
import { parseExactJson } from "../json.ts";
import { type CompileOptions, compileSchema } from "./compileSchema.ts";

const errorsOf = (schema: unknown, value: unknown, options?: CompileOptions) => {
  const { validator } = compileSchema(schema, options);
  assert.ok(validator, "there is no validator");
  return validator(value);
};
const messages = (schema: unknown, value: unknown, options?: CompileOptions) =>
  errorsOf(schema, value, options).map(({ message }) => message);

const weather = {
  type: "object",
  properties: {
    city: { type: "string", minLength: 2 },
    days: { type: "integer", minimum: 1, maximum: 7 },
    unit: { enum: ["celsius", "fahrenheit"] },
    stations: { type: "array", items: { type: "object", properties: { id: { type: "number" } }, required: ["id"] } },
  },
  required: ["city"],
  additionalProperties: false,
};

const sentences: [schema: unknown, value: unknown, message: string][] = [
  [weather, { city: "Oslo", days: "3" }, 'Must be an integer, not the string "3".'],
  [weather, { city: "Oslo", days: 9 }, "Must be at most 7, not 9."],
  [weather, { city: "O" }, "Must have at least 2 characters, not 1."],
  [
    weather,
    { city: "Oslo", unit: "Celsius" },
    'Must be one of "celsius" or "fahrenheit", not the string "Celsius"; did you mean "celsius"?',
  ],
  [weather, {}, 'The required property "city" is missing.'],
  [weather, { city: "Oslo", dyas: 3 }, 'The property "dyas" is not known here; did you mean "days"?'],
  [weather, [], "Must be an object, not an empty array."],
  [{ anyOf: [{ type: "string" }, { type: "null" }] }, 3, "Must be a string or null, not the number 3."],
  [{ const: "tool" }, "Tool", 'Must be "tool", not the string "Tool"; did you mean "tool"?'],
  [{ type: ["integer", "null"] }, true, "Must be an integer or null, not true."],
  [
    { uniqueItems: true },
    [{ a: 1, b: 2 }, 0, { b: 2, a: 1.0 }],
    "The items must differ, but item 3 is the same as item 1.",
  ],
  [{ multipleOf: 0.1 }, 0.35, "Must be a multiple of 0.1, not 0.35."],
  [{ oneOf: [{ type: "number" }, { minimum: 3 }] }, 4, "Must fit exactly one of 2 alternatives, but fits 2: 1, 2."],
  [false, 1, "No value is allowed here."],
];

for (const [schema, value, message] of sentences) {
  test(`a fault is said in a sentence: ${message}`, () => assert.deepEqual(messages(schema, value), [message]));
}

test("a fault says where it is, in the value and in the schema", () => {
  const [error, ...others] = errorsOf(weather, { city: "Oslo", stations: [{ id: 1 }, { id: "2" }] });
  assert.deepEqual(others, []);
  assert.deepEqual(error?.instancePath, ["stations", 1, "id"]);
  assert.deepEqual(error?.schemaPath, ["properties", "stations", "items", "properties", "id", "type"]);
  assert.deepEqual(error?.params, { type: "number", actual: "string" });
});

test("the alternative that a tag names gives the faults", () => {
  const schema = {
    oneOf: [
      { properties: { kind: { const: "circle" }, radius: { type: "number" } }, required: ["kind", "radius"] },
      { properties: { kind: { const: "square" }, side: { type: "number" } }, required: ["kind", "side"] },
    ],
  };
  const [error] = errorsOf(schema, { kind: "square", side: "2" });
  assert.deepEqual(error?.instancePath, ["side"]);
  assert.deepEqual(error?.schemaPath, ["oneOf", 1, "properties", "side", "type"]);
});

test("a type that JSON Schema lacks is reported, and constrains nothing", () => {
  const schema = { type: "dict", properties: { ratio: { type: ["float", "null"] }, note: { type: "string" } } };
  const { schemaErrors, validator } = compileSchema(schema);
  assert.deepEqual(
    schemaErrors.map(({ schemaPath }) => schemaPath.join("/")),
    ["type", "properties/ratio/type/0"],
  );
  assert.deepEqual(
    validator?.({ ratio: "x", note: 3 }).map(({ instancePath }) => instancePath[0]),
    ["note"],
  );
});

test("what is wrong in a schema is ignored, and the rest is enforced", () => {
  const schema = {
    type: "object",
    properties: { a: { type: "gadget" }, b: 7, c: { pattern: "(" }, d: { minimum: "3" }, e: { type: "integer" } },
    required: "a",
    patternProperties: [],
    frobnicate: 1,
  };
  const { schemaErrors, validator } = compileSchema(schema);
  assert.deepEqual(schemaErrors.map(({ schemaPath }) => schemaPath.join("/")).sort(), [
    "patternProperties",
    "properties/a/type",
    "properties/b",
    "properties/c/pattern",
    "properties/d/minimum",
    "required",
  ]);
  const errors = validator?.({ a: 1, b: 1, c: "x", d: 1, e: "x" }) ?? [];
  assert.deepEqual(
    errors.map(({ instancePath }) => instancePath),
    [["e"]],
  );
});

for (const schema of [null, 3, "object", [], undefined]) {
  test(`what is no schema has no validator: ${JSON.stringify(schema)}`, () => {
    const { schemaErrors, validator } = compileSchema(schema);
    assert.equal(validator, undefined);
    assert.equal(schemaErrors.length, 1);
  });
}

test("nothing is fetched: a reference to another document is reported and holds", () => {
  const { schemaErrors, validator } = compileSchema({ $ref: "https://example.org/schema.json#/a" });
  assert.match(schemaErrors[0]?.message ?? "", /another document, which is never fetched/);
  assert.deepEqual(validator?.(1), []);
});

test("a given document is found, and its places carry its name", () => {
  const documents = new Map([["https://example.org/id", { type: "string" }]]);
  const [error] = errorsOf({ $ref: "https://example.org/id" }, 1, { documents });
  assert.deepEqual(error?.schemaPath, ["https://example.org/id", "type"]);
});

test("the standard metaschemas need not be given", () => {
  const schema = { $ref: "https://json-schema.org/draft/2020-12/schema" };
  assert.deepEqual(errorsOf(schema, { properties: { a: { type: "string" } } }), []);
  assert.equal(errorsOf(schema, { properties: { a: { minLength: -1 } } }).length, 1);
});

test("references in a circle end, and are reported where they say nothing", () => {
  const circle = { $ref: "#/$defs/a", $defs: { a: { allOf: [{ $ref: "#/$defs/b" }] }, b: { $ref: "#/$defs/a" } } };
  const { schemaErrors, validator } = compileSchema(circle);
  assert.equal(schemaErrors.filter(({ params }) => params.reason === "loop").length, 1);
  assert.deepEqual(validator?.({}), []);
  const tree = { properties: { child: { $ref: "#" } }, required: ["name"] };
  assert.deepEqual(compileSchema(tree).schemaErrors, []);
  assert.deepEqual(errorsOf(tree, { name: 1, child: { child: { name: 1 } } })[0]?.instancePath, ["child"]);
});

test("references that double at every step run out of steps instead of time", () => {
  const $defs = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => {
      const next = { $ref: `#/$defs/a${index + 1}` };
      return [`a${index}`, index === 59 ? { type: "integer" } : { allOf: [next, next] }];
    }),
  );
  assert.equal(errorsOf({ $ref: "#/$defs/a0", $defs }, "x").at(-1)?.keyword, "budget");
});

test("alternatives that nest do not multiply", () => {
  const nested = (depth: number): unknown =>
    depth === 0 ? { type: "integer" } : { anyOf: [nested(depth - 1), { type: "null" }], title: `${depth}` };
  assert.deepEqual(messages(nested(60), "x").length, 1);
});

test("nesting of 100,000 in schema or value neither throws nor overflows", () => {
  let schema: object = { type: "string" };
  let value: unknown = 1;
  for (let depth = 0; depth < 100_000; depth++) {
    schema = { items: schema };
    value = [value];
  }
  const { schemaErrors } = compileSchema(schema);
  assert.equal(schemaErrors[0]?.keyword, "depth");
  assert.equal(errorsOf({ items: { $ref: "#" }, type: "array" }, value).at(-1)?.keyword, "budget");
  assert.equal(errorsOf({ const: [] }, value).at(-1)?.keyword, "budget");
  assert.equal(errorsOf({ uniqueItems: true }, [value, value]).at(-1)?.keyword, "budget");
});

test("a schema that holds itself as an object does not hang", () => {
  const schema: Record<string, unknown> = { type: "object" };
  schema.properties = { self: schema };
  assert.deepEqual(errorsOf(schema, { self: { self: 1 } })[0]?.instancePath, ["self", "self"]);
});

test("keys that JavaScript has plans for are ordinary keys", () => {
  const schema: unknown = JSON.parse('{"properties": {"__proto__": {"type": "string"}}, "required": ["constructor"]}');
  assert.deepEqual(
    errorsOf(schema, JSON.parse('{"__proto__": 1}')).map(({ keyword, params }) => [keyword, params.missingProperty]),
    [
      ["type", undefined],
      ["required", "constructor"],
    ],
  );
  assert.deepEqual(errorsOf({ additionalProperties: false }, JSON.parse('{"toString": 1}')).length, 1);
});

test("no text of a schema becomes code", () => {
  const attack = '"+(globalThis.attacked=true)+"';
  const schema = {
    $id: `https://example.org/${encodeURIComponent(attack)}`,
    $ref: `#/$defs/${attack}`,
    $defs: {
      [attack]: { properties: { [attack]: { const: attack, format: attack, pattern: attack } }, title: attack },
    },
    required: [attack],
  };
  compileSchema(schema, { formats: true }).validator?.({ [attack]: 1 });
  assert.equal(Reflect.get(globalThis, "attacked"), undefined);
});

test("a huge enum is one look-up", () => {
  const values = Array.from({ length: 20_000 }, (_, index) => `value ${index}`);
  assert.deepEqual(errorsOf({ enum: values }, "value 19999"), []);
  assert.equal(errorsOf({ enum: values }, "other").length, 1);
});

test("items in the tens of thousands are compared in linear work", () => {
  const items = Array.from({ length: 20_000 }, (_, index) => ({ id: index }));
  assert.deepEqual(errorsOf({ uniqueItems: true }, items), []);
  assert.equal(errorsOf({ uniqueItems: true }, [...items, { id: 7 }]).length, 1);
});

test("integers above 2^53 keep their last digit", () => {
  const schema = parseExactJson('{"maximum": 9007199254740993, "type": "integer"}');
  assert.deepEqual(errorsOf(schema, parseExactJson("9007199254740993")), []);
  assert.deepEqual(messages(schema, parseExactJson("9007199254740994")), [
    "Must be at most 9007199254740993, not 9007199254740994.",
  ]);
  assert.deepEqual(errorsOf(schema, 9007199254740993n), []);
  assert.equal(errorsOf({ enum: [parseExactJson("12345678901234567890")] }, 12345678901234567890n).length, 0);
  assert.equal(errorsOf({ enum: [parseExactJson("12345678901234567890")] }, 12345678901234567891n).length, 1);
});

test("1e999 is an integer where it is kept as written, and only a number where it became infinite", () => {
  assert.deepEqual(errorsOf({ type: "integer", minimum: 1e300 }, parseExactJson("1e999")), []);
  assert.equal(errorsOf({ type: "integer" }, JSON.parse("1e999")).length, 1);
  assert.deepEqual(errorsOf({ type: "number" }, JSON.parse("1e999")), []);
});

test("of more than a hundred faults, a hundred are given", () => {
  assert.equal(errorsOf({ items: { type: "string" } }, Array(1_000).fill(1)).length, 100);
});

test("equal schemas are compiled once, whatever object they are", () => {
  const first = compileSchema({ type: "object", title: "cached" });
  assert.equal(compileSchema(JSON.parse('{"type":"object","title":"cached"}')), first);
  assert.notEqual(compileSchema({ type: "object", title: "cached" }, { draft: "draft-07" }), first);
});

test("format is a remark unless it is asked for", () => {
  const schema = { format: "date" };
  assert.deepEqual(errorsOf(schema, "2024-02-30"), []);
  assert.deepEqual(messages(schema, "2024-02-30", { formats: true }), [
    'Must be a date such as 2024-05-31, not the string "2024-02-30".',
  ]);
});
