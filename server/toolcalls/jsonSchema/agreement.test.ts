import assert from "node:assert/strict";
import test from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { compileSchema } from "./compileSchema.ts";

const name = fc.constantFrom("a", "b", "c");
const scalar = fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 2.5, -1, "", "a", "bb", "ccc");
const count = fc.integer({ min: 0, max: 3 });

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(name, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

/** Schemas that every engine accepts, over the same few names and values, so that both verdicts are frequent. */
const { schema } = fc.letrec((tie) => {
  const inner = tie("schema");
  const map = fc.dictionary(name, inner, { maxKeys: 2 });
  const list = fc.array(inner, { minLength: 1, maxLength: 3 });
  const members = fc.record(
    {
      type: fc.constantFrom("object", "array", "string", "number", "integer", ["string", "null"], ["object", "array"]),
      enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 }),
      const: value,
      minimum: fc.integer({ min: -1, max: 2 }),
      exclusiveMaximum: fc.integer({ min: 0, max: 3 }),
      multipleOf: fc.constantFrom(1, 2, 0.5),
      minLength: count,
      maxLength: count,
      pattern: fc.constantFrom("^a", "b+", "c$", "^[^b]*$"),
      minItems: count,
      maxItems: count,
      uniqueItems: fc.boolean(),
      prefixItems: list,
      items: inner,
      contains: inner,
      minContains: count,
      unevaluatedItems: inner,
      required: fc.uniqueArray(name, { maxLength: 2 }),
      properties: map,
      patternProperties: fc.dictionary(fc.constantFrom("^a", "b|c"), inner, { maxKeys: 1 }),
      additionalProperties: inner,
      propertyNames: inner,
      minProperties: count,
      dependentRequired: fc.dictionary(name, fc.uniqueArray(name, { maxLength: 2 }), { maxKeys: 1 }),
      dependentSchemas: map,
      unevaluatedProperties: inner,
      allOf: list,
      anyOf: list,
      oneOf: list,
      not: inner,
      if: inner,
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: inner,
      else: inner,
      $ref: fc.constant("#/$defs/leaf"),
    },
    { requiredKeys: [] },
  );
  const few = members.chain((all) => {
    const keys = Object.keys(all);
    return (
      fc
        .subarray(keys, { maxLength: Math.min(4, keys.length) })
        // Ajv 8.20 takes an empty array for one that contains something where prefixItems stands beside contains.
        .map((some) => (some.includes("prefixItems") ? some.filter((key) => key !== "contains") : some))
        .map((some) => Object.fromEntries(some.map((key) => [key, Reflect.get(all, key)])))
    );
  });
  return { schema: fc.oneof({ maxDepth: 2 }, fc.boolean(), few) };
});

test("on random schemas and values the verdict is that of ajv", () => {
  let valid = 0;
  let all = 0;
  fc.assert(
    fc.property(schema, fc.array(value, { minLength: 4, maxLength: 4 }), (drawn, values) => {
      const whole = { $defs: { leaf: { type: ["integer", "string"] } }, allOf: [drawn] };
      const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false });
      const theirs = ajv.compile(whole);
      const { validator, schemaErrors } = compileSchema(whole);
      assert.deepEqual(schemaErrors, []);
      for (const one of values) {
        const verdict = theirs(one);
        const errors = validator?.(one) ?? [];
        assert.equal(errors.length === 0, verdict, JSON.stringify(one));
        all++;
        if (verdict) valid++;
      }
    }),
    { seed: 41, numRuns: Number(process.env.TOOLEXPANDER_SCHEMA_RUNS ?? 300) },
  );
  assert.ok(valid > all / 10 && valid < (all * 9) / 10, `${valid} of ${all} are valid: one verdict is hardly tried`);
});

test("whatever the schema and the value, there is an answer within the steps", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), schema, (anything, one, drawn) => {
      for (const candidate of [anything, { ...Object(anything), allOf: [drawn, anything] }]) {
        const { validator, schemaErrors } = compileSchema(candidate, { stepBudget: 300, patternBudget: 5_000 });
        assert.ok(validator !== undefined || schemaErrors.length === 1);
        for (const { message } of [...schemaErrors, ...(validator?.(one) ?? [])]) assert.match(message, /^.+\.$|\?$/su);
      }
    }),
    { seed: 42, numRuns: 500 },
  );
});
