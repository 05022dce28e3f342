/** Values, types and paths in the words of a diagnostic. */
import { plain, showValue } from "../display.ts";
import { isInteger, isJsonNumber } from "./numbers.ts";

export type TypeName = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

export const TYPE_NAMES: ReadonlySet<string> = new Set<TypeName>([
  ...(["null", "boolean", "integer", "number", "string", "array", "object"] as const),
]);

/** The narrowest JSON Schema type of a value: 3 and 3.0 are integers. What is no JSON at all is "undefined". */
export function describeType(value: unknown): TypeName | "undefined" {
  if (value === null) return "null";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "boolean";
  if (isJsonNumber(value)) return isInteger(value) ? "integer" : "number";
  if (Array.isArray(value)) return "array";
  return typeof value === "object" ? "object" : "undefined";
}

/** The value as the end of "Must be …, not": `the string "3"`, `the number 3`, `an empty array`. */
export function describeValue(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return `the string ${showValue(value)}`;
  if (isJsonNumber(value)) return `the number ${quote(value)}`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  return typeof value === "object" ? "an object" : "a value that JSON lacks";
}

const NAMED: Record<string, string> = {
  string: "a string",
  number: "a number",
  integer: "an integer",
  boolean: "true or false",
  null: "null",
  array: "an array",
  object: "an object",
};

/** A type as it stands after "Must be". */
export const typeWords = (type: string): string => NAMED[type] ?? `of type ${showValue(type)}`;

/** The value as JSON, short. Objects and arrays are named, not shown, so that a hostile one costs nothing. */
export function quote(value: unknown): string {
  if (isJsonNumber(value)) return plain(typeof value === "object" ? value.rawJSON : String(value), 40);
  if (typeof value === "object" && value !== null) return describeValue(value);
  return showValue(value, 40);
}

/** `a, b or c`; of more than `limit`, the first ones and how many follow. */
export function either(words: readonly string[], limit = 8): string {
  if (words.length > limit) return `${words.slice(0, limit).join(", ")} or ${words.length - limit} more`;
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

/** `1 item`, `2 items`, `3 properties`. */
export const count = (number: number, noun: string): string =>
  `${number} ${number === 1 ? noun : `${noun}s`.replace(/ys$/, "ies")}`;
