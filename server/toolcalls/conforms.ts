/**
 * A quick yes for values that follow plain schemas. Most files carry other tools in every record, and compiling a validator for
 * each would cost more than everything else; so schemas made of the usual keywords are followed directly, and the validator
 * proper is compiled only where this says anything but yes.
 */
import { isExactNumber, isJsonObject } from "./json.ts";

/** Keywords that do not constrain a value, or whose constraint this file knows. */
const KNOWN: ReadonlySet<string> = new Set([
  "$comment",
  "$schema",
  "additionalProperties",
  "default",
  "deprecated",
  "description",
  "enum",
  "example",
  "examples",
  "exclusiveMaximum",
  "exclusiveMinimum",
  "items",
  "maximum",
  "maxItems",
  "maxLength",
  "minimum",
  "minItems",
  "minLength",
  "nullable",
  "optional",
  "properties",
  "readOnly",
  "required",
  "title",
  "type",
  "writeOnly",
]);

/** True: the value follows the schema. False: it does not, or the schema uses a keyword that is left to the validator. */
export function conforms(schema: unknown, value: unknown): boolean {
  if (schema === true) return true;
  if (!isJsonObject(schema)) return false;
  for (const keyword in schema) if (!KNOWN.has(keyword)) return false;
  const { type } = schema;
  if (type !== undefined && !hasType(type, value)) return false;
  if (schema.enum !== undefined && !(Array.isArray(schema.enum) && isAtom(value) && schema.enum.includes(value)))
    return false;
  if (typeof value === "string") return textConforms(schema, value);
  if (typeof value === "number") return numberConforms(schema, value);
  if (Array.isArray(value)) return listConforms(schema, value);
  if (isJsonObject(value)) return objectConforms(schema, value);
  return !isExactNumber(value) || !hasBounds(schema);
}

type Schema = Readonly<Record<string, unknown>>;

const isAtom = (value: unknown): boolean => typeof value !== "object" || value === null;

function hasType(type: unknown, value: unknown): boolean {
  if (Array.isArray(type)) return type.some((one) => hasType(one, value));
  switch (type) {
    case "string":
    case "boolean":
      return typeof value === type;
    case "number":
      return typeof value === "number" || isExactNumber(value);
    case "integer":
      return isExactNumber(value) ? /^-?\d+$/.test(value.rawJSON) : Number.isInteger(value);
    case "object":
      return isJsonObject(value);
    case "array":
      return Array.isArray(value);
    case "null":
      return value === null;
    default:
      return false;
  }
}

/** The bound is absent, or a number that the value keeps to. */
const keeps = (bound: unknown, test: (bound: number) => boolean): boolean =>
  bound === undefined || (typeof bound === "number" && test(bound));

function textConforms({ minLength, maxLength }: Schema, value: string): boolean {
  if (minLength === undefined && maxLength === undefined) return true;
  const length = [...value].length;
  return keeps(minLength, (bound) => length >= bound) && keeps(maxLength, (bound) => length <= bound);
}

function numberConforms(schema: Schema, value: number): boolean {
  return (
    keeps(schema.minimum, (bound) => value >= bound) &&
    keeps(schema.maximum, (bound) => value <= bound) &&
    keeps(schema.exclusiveMinimum, (bound) => value > bound) &&
    keeps(schema.exclusiveMaximum, (bound) => value < bound)
  );
}

const hasBounds = (schema: Schema): boolean =>
  ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum"].some(
    (keyword) => schema[keyword] !== undefined,
  );

function listConforms(schema: Schema, value: readonly unknown[]): boolean {
  if (!keeps(schema.minItems, (bound) => value.length >= bound)) return false;
  if (!keeps(schema.maxItems, (bound) => value.length <= bound)) return false;
  return schema.items === undefined || value.every((item) => conforms(schema.items, item));
}

function objectConforms(schema: Schema, value: Schema): boolean {
  const { required, properties, additionalProperties } = schema;
  if (
    required !== undefined &&
    !(Array.isArray(required) && required.every((key) => typeof key === "string" && Object.hasOwn(value, key)))
  )
    return false;
  if (properties !== undefined && !isJsonObject(properties)) return false;
  for (const key of Object.keys(value)) {
    if (properties !== undefined && Object.hasOwn(properties, key)) {
      if (!conforms(properties[key], value[key])) return false;
    } else if (additionalProperties !== undefined && additionalProperties !== true) {
      if (additionalProperties === false || !conforms(additionalProperties, value[key])) return false;
    }
  }
  return true;
}
