import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { schemaFindings } from "../../toolcalls/jsonSchema/schemaFindings.ts";
import { isPlainSchema } from "./plainSchema.ts";

const value = fc.oneof(
  fc.integer({ min: -2, max: 3 }),
  fc.constantFrom("a", "", true, null),
  fc.array(fc.constantFrom("a", "b", 1)),
);
const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    value,
    fc.dictionary(
      fc.constantFrom(
        ...["type", "properties", "required", "enum", "items", "minimum", "maximum", "minLength", "maxLength", "anyOf"],
        ...["additionalProperties", "description", "default", "const", "pattern", "descripton", "$ref", "nullable"],
      ),
      fc.oneof(value, tie("schema"), fc.dictionary(fc.constantFrom("a", "b"), tie("schema"), { maxKeys: 2 })),
      { maxKeys: 4 },
    ),
    fc.constant({ type: "object", properties: { a: { type: "string" } }, required: ["a"] }),
  ),
}));

test("a schema that passes for plain has no fault that a closer look would find", () => {
  let plain = 0;
  fc.assert(
    fc.property(schema, (one) => {
      if (!isPlainSchema(one)) return;
      plain++;
      assert.deepEqual(schemaFindings(one), []);
    }),
    { numRuns: 5000, seed: 1 },
  );
  assert.ok(plain > 100, `only ${plain} were plain`);
});
