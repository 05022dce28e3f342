/** Parameters written as a map from name to description, type and default, without the object schema around it (xLAM, ToolRL, Hammer). */
import { isJsonObject } from "../json.ts";
import { type JsonObject, member } from "./read.ts";
import { namedType } from "./typeNames.ts";

export interface FlatParameters {
  /** The same as an object schema, with the type names that were written. */
  schema: unknown;
  /** From a path in the schema to the path in the map. */
  written(path: readonly (string | number)[]): (string | number)[];
}

/** Undefined where the value is no such map: an object schema, or no object. */
export function readFlatParameters(value: unknown): FlatParameters | undefined {
  if (!isJsonObject(value) || isObjectSchema(value)) return undefined;
  const required = Object.keys(value).filter((name) => member(value[name], "required") === true);
  return {
    schema: { type: "object", properties: properties(value), ...(required.length > 0 ? { required } : {}) },
    written: (path) => (path[0] === "properties" ? path.slice(1) : []),
  };
}

const isObjectSchema = (value: JsonObject): boolean => typeof value.type === "string" && isJsonObject(value.properties);

/** `required: true` on a parameter is the map's own way to say it; in a schema it would be a fault. */
function properties(map: JsonObject): JsonObject {
  const flagged = Object.values(map).some((schema) => typeof member(schema, "required") === "boolean");
  if (!flagged) return map;
  const entries = Object.entries(map).map(([name, schema]): [string, unknown] => {
    if (!isJsonObject(schema) || typeof schema.required !== "boolean") return [name, schema];
    const { required: _, ...rest } = schema;
    return [name, rest];
  });
  return Object.fromEntries(entries);
}

/** An object schema as such a map: `type` gets ", optional" where the parameter is not required. */
export function flatten(parameters: unknown): JsonObject {
  const required = member(parameters, "required");
  const schemas = member(parameters, "properties");
  if (!isJsonObject(schemas)) return {};
  const entries = Object.entries(schemas).map(([name, schema]): [string, unknown] => {
    const type = member(schema, "type");
    const optional = !(Array.isArray(required) && required.includes(name));
    if (!isJsonObject(schema) || typeof type !== "string" || !optional || namedType(type)?.optional)
      return [name, schema];
    return [name, { ...schema, type: `${type}, optional` }];
  });
  return Object.fromEntries(entries);
}
