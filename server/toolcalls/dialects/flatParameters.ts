/** Parameters written as a map from name to description, type and default, without the object schema around it (xLAM, ToolRL, Hammer). */
import { plain } from "../display.ts";
import { isJsonObject } from "../json.ts";
import type { Tool } from "./model.ts";
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

/** In a map `type` would be a parameter, and what describes it no text. */
const isObjectSchema = (value: JsonObject): boolean =>
  typeof value.type === "string" || (isJsonObject(value.properties) && Array.isArray(value.required));

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

/**
 * An object schema as such a map: `type` gets ", optional" where `required` is given, the parameter is not in it and has no default.
 * What is no object schema stays as it is.
 */
export function flatten(parameters: unknown): unknown {
  const schemas = member(parameters, "properties");
  if (!isJsonObject(schemas)) return isEmptyObjectSchema(parameters) ? {} : parameters;
  const required = member(parameters, "required");
  if (!Array.isArray(required)) return schemas;
  const entries = Object.entries(schemas).map(([name, schema]): [string, unknown] => {
    const type = member(schema, "type");
    if (!isJsonObject(schema) || typeof type !== "string" || required.includes(name)) return [name, schema];
    if (namedType(type)?.optional || Object.hasOwn(schema, "default")) return [name, schema];
    return [name, { ...schema, type: `${type}, optional` }];
  });
  return Object.fromEntries(entries);
}

const isEmptyObjectSchema = (value: unknown): boolean => member(value, "type") === "object";

const HELD: ReadonlySet<string> = new Set(["type", "properties", "required"]);

/** One sentence for the keywords of the outermost schema that such a map has no place for. */
export function flatLosses(tools: readonly Tool[]): string[] {
  return tools.flatMap(({ name, parameters }) => {
    const left = isJsonObject(parameters) ? Object.keys(parameters).filter((key) => !HELD.has(key)) : [];
    if (left.length === 0 || !isJsonObject(member(parameters, "properties"))) return [];
    return [`Left out of the parameters of "${plain(name)}": ${left.map((key) => `\`${plain(key)}\``).join(", ")}.`];
  });
}
