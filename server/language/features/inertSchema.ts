/**
 * A tool's schema as the JSON language service may have it. The service takes keywords of its own that are Markdown, snippets and
 * sentences, and shows them as they are: in a schema from a file they could load pictures and put links to commands into a hover.
 */
import type { JSONSchema } from "vscode-json-languageservice";
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";

/** Keywords whose values are schemas, lists of them, or schemas by name. */
const ONE = [
  "additionalProperties",
  "additionalItems",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
  "contains",
  "unevaluatedProperties",
  "unevaluatedItems",
];
const LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const NAMED = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/** Keywords that say what a value may be. What is not here, the service's own included, is left out. */
const PLAIN = [
  ...[
    "type",
    "enum",
    "const",
    "default",
    "examples",
    "format",
    "required",
    "dependentRequired",
    "$ref",
    "$anchor",
    "deprecated",
  ],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern"],
  ...[
    "minItems",
    "maxItems",
    "uniqueItems",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "nullable",
  ],
];

const LONGEST = { title: 100, description: 1000 } as const;

/** An empty schema where there is none. Records are bounded in depth, and so are the schemas in them. */
export function inertSchema(schema: unknown): JSONSchema {
  return isJsonObject(schema) ? inert(schema) : {};
}

function inert(schema: Record<string, unknown>): JSONSchema {
  const kept: Record<string, unknown> = {};
  const own = (key: string): unknown => (Object.hasOwn(schema, key) ? schema[key] : undefined);
  const keep = (key: string, value: unknown): void => {
    if (value !== undefined) kept[key] = value;
  };
  for (const key of PLAIN) keep(key, own(key));
  for (const key of ["title", "description"] as const) {
    const text = own(key);
    if (typeof text === "string") kept[key] = plain(text, LONGEST[key]);
  }
  for (const key of ONE) keep(key, one(own(key)));
  for (const key of LISTS) keep(key, listOf(own(key)));
  for (const key of NAMED) {
    const named = own(key);
    if (!isJsonObject(named)) continue;
    // A property may be called __proto__, which assigning would make the prototype.
    kept[key] = Object.fromEntries(
      Object.entries(named).flatMap(([name, inner]) => {
        const found = one(inner);
        return found === undefined ? [] : [[name, found]];
      }),
    );
  }
  keep("items", listOf(own("items")) ?? one(own("items")));
  return kept;
}

const one = (value: unknown): JSONSchema | boolean | undefined =>
  typeof value === "boolean" ? value : isJsonObject(value) ? inert(value) : undefined;

const listOf = (value: unknown): (JSONSchema | boolean)[] | undefined =>
  Array.isArray(value) ? value.flatMap((inner) => one(inner) ?? []) : undefined;
