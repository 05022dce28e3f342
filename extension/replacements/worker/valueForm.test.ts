import assert from "node:assert/strict";
import test from "node:test";
import { Check } from "@sinclair/typebox/value";
import fc from "fast-check";
import { ValueForm } from "../../../schemas/valueForm.ts";
import { parseExactJson } from "../../../server/toolcalls/json.ts";
import { ToolSchema } from "../../../server/toolcalls/toolSchema.ts";
import { firstValue } from "./firstValue.ts";
import { valueForm } from "./valueForm.ts";

/** What a form says the value is. */
function laidOut(form: ValueForm): unknown {
  switch (form.kind) {
    case "object":
      return Object.fromEntries(form.members.map(({ name, form }) => [name, laidOut(form)]));
    case "list":
      return form.items.map(laidOut);
    case "null":
      return null;
    default:
      return JSON.parse(form.json);
  }
}

const schemas = fc.letrec<{ schema: Record<string, unknown> }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Record<string, unknown>>(
      { type: "string" },
      { type: "integer", minimum: 3 },
      { type: "number" },
      { type: "boolean" },
      { type: ["string", "null"] },
      { enum: ["a", 1, null] },
      { type: "string", enum: ["a", "b"] },
      { const: 4 },
      {},
      { $ref: "#/$defs/again" },
      { anyOf: [{ type: "integer" }, { type: "null" }] },
      { anyOf: [{ type: "integer" }, { type: "array", items: { type: "string" } }] },
      { type: "array", prefixItems: [{ type: "string" }] },
    ),
    fc.record({ type: fc.constant("array"), items: tie("schema"), minItems: fc.constantFrom(0, 1) }),
    fc
      .record({
        properties: fc.dictionary(fc.constantFrom("a", "b", "__proto__"), tie("schema")),
        required: fc.subarray(["a", "b"]),
        additionalProperties: fc.boolean(),
      })
      .map((object) => ({ type: "object", ...object })),
  ),
})).schema;

const rooted = schemas.map((schema) => ({ ...schema, $defs: { again: { type: "array", items: { $ref: "#" } } } }));

test("no value is lost in a form, whatever its schema says", () => {
  fc.assert(
    fc.property(rooted, fc.jsonValue({ maxDepth: 4 }), (schema, value) => {
      const form = valueForm(schema, value);
      assert.ok(Check(ValueForm, form));
      assert.deepEqual(laidOut(form), JSON.parse(JSON.stringify(value)));
    }),
    { seed: 11, numRuns: 2000 },
  );
});

test("what a form begins a value with fits its field, so that a person can go on from there", () => {
  fc.assert(
    fc.property(rooted, (schema) => {
      const first = firstValue(schema, schema);
      const form = valueForm(schema, first);
      assert.deepEqual(laidOut(form), JSON.parse(JSON.stringify(first)));
      const { type } = schema as { type?: unknown };
      if (type === "object" || type === "array") assert.notEqual(form.kind, "text");
      if (type === "string" || type === "integer" || type === "boolean")
        assert.equal(ToolSchema.of(schema).errors(first).length, 0);
    }),
    { seed: 12, numRuns: 1000 },
  );
});

const booking = {
  type: "object",
  properties: {
    guest: { $ref: "#/$defs/person" },
    nights: { type: "integer" },
    tags: { type: "array", items: { type: "string" } },
    note: { anyOf: [{ type: "string" }, { type: "null" }], description: "For the desk." },
    room: { type: "string", enum: ["single", "double"] },
  },
  required: ["guest", "nights"],
  $defs: { person: { type: "object", properties: { name: { type: "string" } }, required: ["name"] } },
};

test("objects, lists, references and nullables are laid out; what does not fit is JSON as it is", () => {
  const value = parseExactJson(
    '{"guest":{"name":"Ada","age":3},"nights":12345678901234567890,"tags":["a",{"b":1}],"note":null,"room":"suite"}',
  );
  const form = valueForm(booking, value);
  assert.ok(form.kind === "object");
  const [guest, nights, tags, note, room] = form.members.map((member) => member.form);
  assert.ok(guest?.kind === "object" && guest.open === null);
  assert.deepEqual(
    guest.members.map(({ name, form: { kind } }) => [name, kind]),
    [
      ["name", "text"],
      ["age", "json"],
    ],
  );
  assert.deepEqual(nights, { kind: "number", type: "integer", nullable: false, json: "12345678901234567890" });
  assert.ok(tags?.kind === "list");
  assert.deepEqual(
    [tags.type, tags.item, tags.items.map(({ kind }) => kind)],
    ["list of string", '""', ["text", "json"]],
  );
  assert.deepEqual(note, { kind: "null", type: "string", nullable: true, first: '""' });
  assert.ok(room?.kind === "choice");
  assert.deepEqual([room.json, room.options], ['"suite"', ['"single"', '"double"']]);
});

test("what is left out is offered with what it would begin as, required or not", () => {
  const form = valueForm(booking, {});
  assert.ok(form.kind === "object");
  assert.deepEqual(
    form.absent.map(({ name, required, first, description }) => [name, required, JSON.parse(first), description]),
    [
      ["guest", true, { name: "" }, ""],
      ["nights", true, 0, ""],
      ["tags", false, [], ""],
      ["note", false, "", "For the desk."],
      ["room", false, "single", ""],
    ],
  );
});

test("a form stays small enough to be drawn, and its value whole", () => {
  const numbers = Array.from({ length: 2000 }, (_, index) => [index]);
  const schema = { type: "array", items: { type: "array", items: { type: "integer" } } };
  const form = valueForm(schema, numbers);
  assert.deepEqual(laidOut(form), numbers);
  const count = (one: ValueForm): number =>
    one.kind === "list" ? 1 + one.items.reduce((sum, item) => sum + count(item), 0) : 1;
  assert.ok(count(form) < 3000);
});
