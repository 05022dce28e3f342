/** Where a schema holds other schemas. */
import { isJsonObject } from "../json.ts";
import type { Dialect } from "./dialects.ts";

/** Steps from the root beyond which a schema is not read. The bound keeps paths, which are copied, small. */
export const MAX_SCHEMA_DEPTH = 300;

type Shape = "schema" | "list" | "map";

const SHARED: [string, Shape][] = [
  ["additionalProperties", "schema"],
  ["contains", "schema"],
  ["not", "schema"],
  ["if", "schema"],
  ["then", "schema"],
  ["else", "schema"],
  ["propertyNames", "schema"],
  ["items", "schema"],
  ["allOf", "list"],
  ["anyOf", "list"],
  ["oneOf", "list"],
  ["properties", "map"],
  ["patternProperties", "map"],
  ["definitions", "map"],
];

const shapes: Record<Dialect["draft"], ReadonlyMap<string, Shape>> = {
  "draft-07": new Map<string, Shape>([...SHARED, ["additionalItems", "schema"], ["dependencies", "map"]]),
  "2020-12": new Map<string, Shape>([
    ...SHARED,
    ["prefixItems", "list"],
    ["$defs", "map"],
    ["dependentSchemas", "map"],
    ["unevaluatedItems", "schema"],
    ["unevaluatedProperties", "schema"],
    ["contentSchema", "schema"],
  ]),
};

/** The schemas directly inside one, with the steps that lead to them. Whatever has a wrong shape holds none. */
export function* subschemas(
  schema: Record<string, unknown>,
  { draft }: Dialect,
): Generator<{ schema: unknown; steps: (string | number)[] }> {
  for (const keyword of Object.keys(schema)) {
    const shape = shapes[draft].get(keyword);
    if (shape === undefined) continue;
    const value = schema[keyword];
    if (Array.isArray(value)) {
      // Draft-07 has lists of schemas in items too.
      if (shape === "list" || (keyword === "items" && draft === "draft-07"))
        for (const [index, item] of value.entries()) yield { schema: item, steps: [keyword, index] };
    } else if (shape === "map" && isJsonObject(value)) {
      for (const [key, member] of Object.entries(value))
        if (!Array.isArray(member)) yield { schema: member, steps: [keyword, key] };
    } else if (shape === "schema") yield { schema: value, steps: [keyword] };
  }
}
