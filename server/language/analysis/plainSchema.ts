/**
 * A quick yes for schemas made of the usual keywords, each with a value of its kind. Most tools have no other, and every record
 * may bring some along, so only the rest is looked at closely.
 */
import { isJsonObject } from "../../toolcalls/json.ts";

type Check = (value: unknown) => boolean;

const anything: Check = () => true;
const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => typeof value === "boolean";
const isNumber: Check = (value) => typeof value === "number";
const isCount: Check = (value) => Number.isInteger(value) && Number(value) >= 0;
const isNames: Check = (value) => Array.isArray(value) && value.every(isText) && new Set(value).size === value.length;
const isSchema: Check = (value) => typeof value === "boolean" || isPlainSchema(value);
const isSchemas: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(isSchema);

const KEYWORDS: Readonly<Record<string, Check>> = {
  $comment: isText,
  additionalProperties: isSchema,
  allOf: isSchemas,
  anyOf: isSchemas,
  const: anything,
  default: anything,
  deprecated: isFlag,
  description: isText,
  enum: (value) =>
    Array.isArray(value) && value.length > 0 && value.every(isAtom) && new Set(value).size === value.length,
  example: anything,
  examples: anything,
  exclusiveMaximum: isNumber,
  exclusiveMinimum: isNumber,
  format: isText,
  items: isSchema,
  maximum: isNumber,
  maxItems: isCount,
  maxLength: isCount,
  minimum: isNumber,
  minItems: isCount,
  minLength: isCount,
  nullable: isFlag,
  oneOf: isSchemas,
  optional: isFlag,
  properties: (value) => isJsonObject(value) && Object.values(value).every((one) => isPlainSchema(one) && says(one)),
  required: isNames,
  title: isText,
  type: (value) => isText(value) || (isNames(value) && Array.isArray(value) && value.length > 0),
};

const PAIRS = [
  ["minimum", "maximum"],
  ["minItems", "maxItems"],
  ["minLength", "maxLength"],
] as const;

/** False also where a schema is right and merely unusual. */
export function isPlainSchema(schema: unknown): boolean {
  if (!isJsonObject(schema)) return false;
  for (const keyword of Object.keys(schema)) {
    const check = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
    if (check === undefined || !check(schema[keyword])) return false;
  }
  return PAIRS.every(([low, high]) => !(Number(schema[low]) > Number(schema[high])));
}

/** Whether a property's schema says anything of its value. */
const says = (schema: unknown): boolean =>
  isJsonObject(schema) &&
  ["type", "enum", "const", "anyOf", "oneOf", "allOf", "properties", "items"].some((key) => Object.hasOwn(schema, key));

const isAtom = (value: unknown): boolean => typeof value !== "object" || value === null;
