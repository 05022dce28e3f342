/** Severities that data sets of one origin share: what they break by habit is a hint inside their dialects. */
import type { Dialect } from "./dialect.ts";

/** Schemas that were made of Python signatures or of documentation: type names, defaults and names of tools are theirs. */
export const GENERATED_SCHEMAS = {
  "schema-type-name": "hint",
  "tool-name": "hint",
  "default-type": "hint",
  "default-null": "hint",
} as const satisfies Dialect["habits"];

/** The same in maps of parameters, which have no place for what the items of a list are. */
export const GENERATED_MAPS = { ...GENERATED_SCHEMAS, "array-items": "hint" } as const satisfies Dialect["habits"];
