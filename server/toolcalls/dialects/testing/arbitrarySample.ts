/** Samples as other dialects may hand them over to be written. */
import fc from "fast-check";
import type { Call, Sample, Tool } from "../model.ts";
import { Ref } from "../ref.ts";

const at = Ref.root;

/** Mostly plain names, so that most samples can be written everywhere. */
const name = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^[a-z][a-z_.]{0,8}$/) },
  fc.constantFrom("Get Stock Price", "A/B", "from", "class", "__proto__", "constructor", "naïve", "type", "required"),
  fc.constantFrom("a(b", "x=y", "'q'", " lead", ""),
);

/** Values that JSON keeps: no -0, no undefined. */
const value = fc.jsonValue({ maxDepth: 3 }).map((one): unknown => JSON.parse(JSON.stringify(one)));

const schema = fc.record(
  {
    type: fc.constantFrom("string", "integer", "object", "array"),
    description: fc.oneof(fc.stringMatching(/^[\w ."'\\\n]{0,12}$/), fc.string()),
    default: value,
    enum: fc.array(value, { maxLength: 2 }),
  },
  { requiredKeys: ["type"] },
);

const tool = fc
  .record({
    name,
    description: fc.string(),
    properties: fc.dictionary(name, schema, { maxKeys: 3 }),
    all: fc.boolean(),
  })
  .map(
    ({ properties, all, ...rest }): Tool => ({
      ...rest,
      parameters: { type: "object", properties, ...(all ? { required: Object.keys(properties) } : {}) },
      ref: at,
      nameRef: at,
      schemaRef: () => at,
      written: {},
    }),
  );

const call = fc.record({ name, arguments: fc.dictionary(name, value, { maxKeys: 3 }) }).map(
  (one): Call => ({
    ...one,
    nameRef: at,
    argumentsRef: at,
    form: "object",
    wanted: ["object"],
    ref: at,
  }),
);

export const arbitrarySample: fc.Arbitrary<Sample> = fc
  .record({
    query: fc.string(),
    tools: fc.option(fc.array(tool, { maxLength: 3 })),
    gold: fc.array(call, { maxLength: 3 }),
    reply: fc.option(fc.string()),
  })
  .map(({ query, tools, gold, reply }) => ({
    query,
    queryRef: at,
    offer: tools === null ? { kind: "open" } : { kind: "own", tools },
    turns: [
      { role: "user", text: query, calls: [], ref: at },
      ...(reply === null ? [] : [{ role: "assistant" as const, text: reply, calls: [], ref: at }]),
    ],
    gold,
    demonstrations: [],
    ref: at,
  }));
