/** What the types of a schema say, and where they are missing. */
import { meantType, TYPE_NAMES } from "../typeNames.ts";
import { describeType } from "../words.ts";
import { type FindingRule, finding, type SchemaHere } from "./finding.ts";

/** The types named, foreign names read as what they stand for. */
function typesOf({ schema }: SchemaHere): string[] {
  const names: unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type];
  return names.flatMap((name) => {
    if (typeof name !== "string") return [];
    return TYPE_NAMES.has(name) ? [name] : (meantType(name) ?? []);
  });
}

export const holdsType = (here: SchemaHere, type: string): boolean => typesOf(here).includes(type);

/** Whether the types surely allow a value; false also where that takes a closer look. */
export const accepts = (here: SchemaHere, value: unknown): boolean => typesOf(here).includes(describeType(value));

/** Keywords by which other schemas describe the same value. */
export const REFERRING = ["$ref", "$dynamicRef", "allOf", "anyOf", "oneOf"];
/** Keywords that say what a value is without naming its type. */
const DESCRIBING = [...REFERRING, "type", "enum", "const", "not", "if", "properties", "items"];

export const hasAny = (schema: object, keywords: readonly string[]) =>
  keywords.some((name) => Object.hasOwn(schema, name));

export const itemsRule: FindingRule = function* (here) {
  if (!holdsType(here, "array") || hasAny(here.schema, ["items", "prefixItems", "contains", ...REFERRING])) return;
  const message = 'This array says nothing of its items; add "items" with their type.';
  yield finding(here, "array-without-items", ["type"], message);
};

export const typeRule: FindingRule = function* (here) {
  if (here.heldBy !== "properties" || hasAny(here.schema, DESCRIBING)) return;
  const name = String(here.path.at(-1));
  yield finding(
    here,
    "property-without-type",
    [],
    `The property "${name.slice(0, 60)}" has no type, so any value fits it.`,
    {
      property: name,
    },
  );
};
