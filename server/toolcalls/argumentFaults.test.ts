import assert from "node:assert/strict";
import test from "node:test";
import { argumentFaults, describeArgumentFault } from "./argumentFaults.ts";
import { parseExactJson } from "./json.ts";
import { ToolSchema } from "./toolSchema.ts";

const place = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const parameters = {
  type: "object",
  properties: {
    days: { type: "integer", minimum: 1 },
    units: { enum: ["celsius", "kelvin"] },
    places: { type: "array", items: place },
  },
  required: ["days"],
};

const sentences = (schema: object, value: Record<string, unknown>): string[] =>
  argumentFaults(ToolSchema.of(schema), value).map(
    (fault) => `${fault.path.join(".")}: ${describeArgumentFault("forecast", fault)}`,
  );

test("arguments that the tool takes have no faults", () => {
  assert.deepEqual(sentences(parameters, { days: 1, units: "kelvin", places: [{ city: "Oslo" }] }), []);
  const days = parseExactJson("9007199254740993");
  assert.deepEqual(sentences(parameters, { days }), []);
});

test("each kind of fault has its place and its sentence", () => {
  assert.deepEqual(sentences(parameters, { dayz: 1, units: "Celsius", places: [{}, { city: 3 }] }), [
    'dayz: "forecast" has no parameter "dayz"; did you mean "days"?',
    'units: The argument "units" of "forecast" is "Celsius", but it may only be "celsius", "kelvin".',
    'places.0: The required argument "city" of "forecast" is missing in "places.0".',
    'places.1.city: The argument "places.1.city" of "forecast" is 3, but the tool declares string.',
    ': The required argument "days" of "forecast" is missing.',
  ]);
  assert.deepEqual(sentences(parameters, { days: 0 }), [
    'days: The argument "days" of "forecast" does not follow the tool\'s schema. Must be at least 1, not 0.',
  ]);
  assert.deepEqual(sentences({ ...parameters, minProperties: 2 }, { days: 1 }), [
    ': The arguments of "forecast" do not follow the tool\'s schema. Must have at least 2 properties, not 1.',
  ]);
});

test("an unknown name is told once, however often the schema forbids it", () => {
  const closed = { ...parameters, additionalProperties: false };
  assert.deepEqual(sentences(closed, { days: 1, dayz: 2 }), ['dayz: "forecast" has no parameter "dayz".']);
  const nested = { type: "object", properties: { place: { ...place, additionalProperties: false } } };
  assert.deepEqual(sentences(nested, { place: { citty: "Oslo" } }), [
    'place: The required argument "city" of "forecast" is missing in "place".',
    'place.citty: "forecast" has no parameter "citty" in "place"; did you mean "city"?',
  ]);
});
