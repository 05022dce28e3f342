/** Type names of JSON Schema, and what people write instead of them: names of Python, Java, TypeScript and their generics. */
import { isJsonObject } from "../json.ts";

export const JSON_TYPES: ReadonlySet<string> = new Set([
  "array",
  "boolean",
  "integer",
  "null",
  "number",
  "object",
  "string",
]);

/** Lower case. "any" stands for a value without constraint. */
const ALIASES: Readonly<Record<string, string>> = {
  any: "any",
  arr: "array",
  arraylist: "array",
  bool: "boolean",
  char: "string",
  date: "string",
  datetime: "string",
  decimal: "number",
  dict: "object",
  dictionary: "object",
  double: "number",
  enum: "string",
  file: "string",
  float: "number",
  hashmap: "object",
  hashtable: "object",
  int: "integer",
  json: "object",
  list: "array",
  long: "integer",
  map: "object",
  none: "null",
  nonetype: "null",
  queue: "array",
  set: "array",
  short: "integer",
  stack: "array",
  str: "string",
  text: "string",
  time: "string",
  tuple: "array",
  vector: "array",
};

/** A JSON Schema for a type name, and whether the name says that the value may be left out. */
export interface NamedType {
  schema: { type?: string | string[]; items?: object; anyOf?: object[] };
  optional: boolean;
}

/**
 * What a type name means: `str, optional`, `List[Union[int, float]]`, `HashMap`, `Optional[str]`. Undefined for a name that means
 * nothing known.
 */
export function namedType(name: string): NamedType | undefined {
  const marked = /^(.*?)\s*,\s*optional\b.*$/is.exec(name.trim());
  const schema = schemaOf((marked?.[1] ?? name).trim(), 0);
  return schema === undefined ? undefined : { schema, optional: marked !== null };
}

/** The JSON Schema types that a `type` names, in whichever words; none where one of them means nothing known. */
export function typesNamed(type: unknown): string[] {
  const names: unknown[] = Array.isArray(type) ? type : [type];
  return names.flatMap((name) => (typeof name === "string" ? (namedType(name)?.schema.type ?? []) : []));
}

function schemaOf(name: string, depth: number): NamedType["schema"] | undefined {
  if (depth > 8) return {};
  if (JSON_TYPES.has(name)) return { type: name };
  const lower = name.toLowerCase();
  const simple = Object.hasOwn(ALIASES, lower) ? ALIASES[lower] : undefined;
  if (simple !== undefined) return simple === "any" ? {} : { type: simple };
  if (JSON_TYPES.has(lower)) return { type: lower };
  if (name.endsWith("[]")) return listOf(name.slice(0, -2), depth);
  const generic = /^([a-z]+)\s*[[(<](.*)[\])>]$/is.exec(name);
  if (generic === null) return undefined;
  const [, outer = "", inner = ""] = generic;
  const parts = splitTopLevel(inner);
  switch (outer.toLowerCase()) {
    case "optional":
      return union([inner, "null"], depth);
    case "union":
      return union(parts, depth);
    case "literal":
      return {};
    case "tuple":
      return { type: "array" };
    default: {
      const base = schemaOf(outer, depth + 1);
      return base?.type === "array" ? listOf(inner, depth) : base;
    }
  }
}

function listOf(inner: string, depth: number): NamedType["schema"] {
  const items = schemaOf(inner.trim(), depth + 1);
  return items === undefined ? { type: "array" } : { type: "array", items };
}

function union(names: string[], depth: number): NamedType["schema"] {
  const schemas = names.map((name) => schemaOf(name.trim(), depth + 1) ?? {});
  if (schemas.some((schema) => Object.keys(schema).length === 0)) return {};
  return { anyOf: schemas };
}

/** Parts between commas that stand in no bracket. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if ("[(<".includes(character)) depth++;
    else if ("])>".includes(character)) depth--;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/**
 * A schema with every type name replaced by what it means, so that values can be checked against it; unknown names lose
 * their constraint. The same object where nothing had to be replaced.
 */
export function standardSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return mapped(schema, (item) => standardSchema(item));
  if (!isJsonObject(schema)) return schema;
  let copy: Record<string, unknown> | undefined;
  const put = (key: string, value: unknown): void => {
    copy ??= { ...schema };
    if (value === undefined) delete copy[key];
    else copy[key] = value;
  };
  for (const key of Object.keys(schema)) {
    const value = schema[key];
    if (key === "type") {
      if (isStandardType(value)) continue;
      const meant = typeof value === "string" ? namedType(value)?.schema : undefined;
      put("type", meant?.type);
      if (meant?.items !== undefined && schema.items === undefined) put("items", meant.items);
      if (meant?.anyOf !== undefined && schema.anyOf === undefined) put("anyOf", meant.anyOf);
    } else if (MAPS.has(key) && isJsonObject(value)) {
      const inner = mappedValues(value, (item) => standardSchema(item));
      if (inner !== value) put(key, inner);
    } else if (SUBSCHEMAS.has(key)) {
      const inner = standardSchema(value);
      if (inner !== value) put(key, inner);
    } else if (key === "required" && !Array.isArray(value)) put("required", undefined);
  }
  return copy ?? schema;
}

/** Keywords that hold schemas by name. */
export const MAPS: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
]);
/** Keywords that hold a schema or a list of them. */
export const SUBSCHEMAS: ReadonlySet<string> = new Set([
  "additionalItems",
  "additionalProperties",
  "allOf",
  "anyOf",
  "contains",
  "else",
  "if",
  "items",
  "not",
  "oneOf",
  "prefixItems",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
]);

const isStandardType = (value: unknown): boolean =>
  typeof value === "string"
    ? JSON_TYPES.has(value)
    : Array.isArray(value) && value.every((item) => typeof item === "string" && JSON_TYPES.has(item));

function mapped(list: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  const changed = list.map(change);
  return changed.some((item, index) => item !== list[index]) ? changed : list;
}

function mappedValues(object: Readonly<Record<string, unknown>>, change: (item: unknown) => unknown): unknown {
  const entries = Object.entries(object).map(([key, item]): [string, unknown] => [key, change(item)]);
  return entries.some(([key, item]) => item !== object[key]) ? Object.fromEntries(entries) : object;
}
