/** A value that a schema accepts, for an argument whose real value only a person knows. */
import { isJsonObject } from "../../toolcalls/json.ts";

/** @param schema with JSON Schema's own type names */
export function placeholder(schema: unknown, depth = 0): unknown {
  if (!isJsonObject(schema) || depth > 8) return "";
  if (schema.default !== undefined && schema.default !== null) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum[0];
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0];
  for (const keyword of ["anyOf", "oneOf"]) {
    const options = schema[keyword];
    if (Array.isArray(options) && schema.type === undefined) return placeholder(options[0], depth + 1);
  }
  const type: unknown = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "integer":
      return Math.ceil(least(schema, 1));
    case "number":
      return least(schema, 0.5);
    case "boolean":
      return false;
    case "null":
      return null;
    case "array": {
      const count = typeof schema.minItems === "number" ? Math.min(schema.minItems, 8) : 0;
      return Array.from({ length: count }, () => placeholder(schema.items, depth + 1));
    }
    case "object":
      return objectOf(schema, depth);
    default:
      return type === undefined && isJsonObject(schema.properties) ? objectOf(schema, depth) : "";
  }
}

function objectOf({ properties, required }: Record<string, unknown>, depth: number): unknown {
  const names = Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
  const schemas = isJsonObject(properties) ? properties : {};
  return Object.fromEntries(
    names.map((name) => [name, placeholder(Object.hasOwn(schemas, name) ? schemas[name] : undefined, depth + 1)]),
  );
}

/** 0 where that is allowed. */
function least({ minimum, exclusiveMinimum, maximum }: Record<string, unknown>, step: number): number {
  if (typeof exclusiveMinimum === "number" && exclusiveMinimum >= 0) return exclusiveMinimum + step;
  if (typeof minimum === "number" && minimum > 0) return minimum;
  return typeof maximum === "number" && maximum < 0 ? maximum : 0;
}
