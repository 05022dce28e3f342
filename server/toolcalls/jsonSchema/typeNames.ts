/** Names of types that are none of JSON Schema's, and what their writers mean by them. */
import type { TypeName } from "./words.ts";

export const TYPE_NAMES: ReadonlySet<string> = new Set<TypeName>([
  "null",
  "boolean",
  "integer",
  "number",
  "string",
  "array",
  "object",
]);

/** Python's, Java's and JavaScript's names, in lower case; null for "of any type". */
const ALIASES: Record<string, TypeName | null> = {
  str: "string",
  text: "string",
  char: "string",
  date: "string",
  datetime: "string",
  int: "integer",
  long: "integer",
  short: "integer",
  byte: "integer",
  float: "number",
  double: "number",
  decimal: "number",
  bool: "boolean",
  list: "array",
  tuple: "array",
  set: "array",
  arraylist: "array",
  dict: "object",
  dictionary: "object",
  map: "object",
  hashmap: "object",
  hashtable: "object",
  json: "object",
  none: "null",
  nonetype: "null",
  nil: "null",
  any: null,
  unknown: null,
};

/**
 * The JSON Schema type that a foreign name stands for; null where it stands for any, undefined where nobody knows.
 * Decorations fall away: `List[int]` is an array, `str, optional` and `Optional[str]` are strings, `String` is a string.
 */
export function meantType(name: string): TypeName | null | undefined {
  if (name.length > 100) return undefined;
  const plainName = name.toLowerCase().replace(/,.*$/s, "").trim();
  const optional = /^optional\[(.*)\]$/.exec(plainName)?.[1] ?? plainName;
  if (optional.endsWith("[]")) return "array";
  const base = optional.replace(/[[<(].*$/s, "").trim();
  for (const type of TYPE_NAMES) if (type === base) return type as TypeName;
  return Object.hasOwn(ALIASES, base) ? ALIASES[base] : undefined;
}
