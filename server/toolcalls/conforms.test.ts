import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { conforms } from "./conforms.ts";
import { compileSchema } from "./jsonSchema/compileSchema.ts";

const value = fc.jsonValue({ maxDepth: 2 });
const type = fc.constantFrom("string", "number", "integer", "boolean", "object", "array", "null");

const schema = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.record({ type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1 })) }, { requiredKeys: [] }),
    fc.record(
      { type: fc.constant("array"), items: tie("schema"), minItems: fc.nat(2), maxItems: fc.nat(4) },
      { requiredKeys: ["type"] },
    ),
    fc.record({
      enum: fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), { minLength: 1 }),
    }),
    fc.record(
      { type: fc.constant("integer"), minimum: fc.integer(), exclusiveMaximum: fc.integer() },
      { requiredKeys: [] },
    ),
    fc.record({ minLength: fc.nat(3), maxLength: fc.nat(5) }),
    fc.record(
      {
        type: fc.constant("object"),
        properties: fc.record({ a: tie("schema"), b: tie("schema") }, { requiredKeys: [] }),
        required: fc.subarray(["a", "b"]),
        additionalProperties: fc.boolean(),
      },
      { requiredKeys: ["type"] },
    ),
  ),
})).schema;

const object = fc.record({ a: value, b: value, c: value }, { requiredKeys: [] });

test("a yes is the validator's yes, for any schema and value", () => {
  let yes = 0;
  fc.assert(
    fc.property(schema, fc.oneof(value, object), (one, instance) => {
      const { validator } = compileSchema(one);
      if (!conforms(one, instance)) return;
      yes++;
      assert.deepEqual(validator?.(instance) ?? [], []);
    }),
    { seed: 9, numRuns: 400 },
  );
  assert.ok(yes > 50, `the property says little: only ${yes} values were accepted`);
});

test("what the usual keywords allow is seen without a validator", () => {
  const parameters = {
    type: "object",
    properties: {
      city: { type: "string", enum: ["Oslo"] },
      days: { type: "array", items: { type: "integer", minimum: 1 } },
    },
    required: ["city"],
  };
  assert.ok(conforms(parameters, { city: "Oslo", days: [1, 2] }));
  assert.ok(!conforms(parameters, { city: "Rome" }));
  assert.ok(!conforms(parameters, { days: [1] }));
  assert.ok(!conforms({ ...parameters, not: {} }, { city: "Oslo" }), "an unusual keyword is left to the validator");
});
