/** Names in `required` that no property has. */
import { isJsonObject } from "../../json.ts";
import { nearest } from "../../nearest.ts";
import { quote } from "../words.ts";
import { type FindingRule, finding, type SchemaHere } from "./finding.ts";
import { hasAny, REFERRING } from "./types.ts";

/** Keywords whose schemas describe the same value as the schema around them, which may hold the properties. */
const IN_PLACE = ["allOf", "anyOf", "oneOf", "if", "then", "else", "not", "dependentSchemas", "dependencies"];

export const requiredRule: FindingRule = function* (here) {
  const { schema, heldBy } = here;
  const { required, properties, additionalProperties } = schema;
  if (!Array.isArray(required) || (heldBy !== undefined && IN_PLACE.includes(heldBy))) return;
  if (hasAny(schema, [...REFERRING, "if", "patternProperties", "dependentSchemas"])) return;
  if (properties !== undefined && !isJsonObject(properties)) return;
  // A map whose keys are free may still ask for some of them.
  if (properties === undefined && additionalProperties !== undefined) return;
  const known = isJsonObject(properties) ? properties : {};
  for (const [index, name] of required.entries()) {
    if (typeof name !== "string" || Object.hasOwn(known, name)) continue;
    yield missing(here, index, name, Object.keys(known));
  }
};

export const optionalRule: FindingRule = function* (here) {
  if (here.heldBy !== "properties" || typeof here.schema.optional !== "boolean") return;
  const message = '"optional" is no keyword of JSON Schema; what may be left out is what "required" does not name.';
  yield finding(here, "optional-keyword", ["optional"], message, { property: here.path.at(-1) });
};

function missing(here: SchemaHere, index: number, name: string, known: readonly string[]) {
  const suggestion = known.length > MAX_CANDIDATES ? undefined : nearest(name, known);
  const hint = suggestion === undefined ? "." : `; did you mean ${quote(suggestion)}?`;
  const message = `"required" names ${quote(name)}, which "properties" does not have${hint}`;
  return finding(here, "required-unknown-property", ["required", index], message, {
    property: name,
    ...(suggestion !== undefined && { suggestion }),
  });
}

const MAX_CANDIDATES = 200;
