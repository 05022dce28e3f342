/** Every schema inside a tool's parameters, as rules about schemas want to see them. */
import type { Tool } from "../../toolcalls/dialects/model.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import { MAPS, SUBSCHEMAS } from "../../toolcalls/dialects/typeNames.ts";
import { isJsonObject } from "../../toolcalls/json.ts";

export interface SchemaNode {
  tool: Tool;
  schema: Readonly<Record<string, unknown>>;
  /** From the tool's parameters; computed when it is asked for. */
  path(): (string | number)[];
  /** The place of a path below this schema. */
  ref(...path: (string | number)[]): Ref;
  /** As people write it: `location.city`; empty for the parameters themselves. */
  name: string;
  /** The keyword that holds it; undefined for the parameters themselves. */
  heldBy: string | undefined;
}

/** Deep enough for every schema that people write; JSON itself is bounded by the scan. */
export function forEachSchema(tool: Tool, visit: (node: SchemaNode) => void): void {
  const walk = (schema: unknown, path: readonly (string | number)[], name: string, heldBy?: string): void => {
    if (!isJsonObject(schema)) return;
    visit({
      tool,
      schema,
      path: () => [...path],
      ref: (...below) => tool.schemaRef([...path, ...below]),
      name,
      heldBy,
    });
    for (const key of Object.keys(schema)) {
      const value = schema[key];
      if (typeof value !== "object" || value === null) continue;
      if (MAPS.has(key)) {
        if (!isJsonObject(value)) continue;
        for (const inner of Object.keys(value))
          walk(value[inner], [...path, key, inner], name === "" ? inner : `${name}.${inner}`, key);
      } else if (SUBSCHEMAS.has(key)) {
        if (Array.isArray(value))
          for (const [index, item] of value.entries()) walk(item, [...path, key, index], name, key);
        else walk(value, [...path, key], key === "items" ? `${name}[]` : name, key);
      }
    }
  };
  walk(tool.parameters, [], "");
}

/** Whether a schema describes an object: by its type, or by its properties. */
export const describesObject = ({ type, properties }: SchemaNode["schema"]): boolean =>
  type === "object" || (Array.isArray(type) && type.includes("object")) || isJsonObject(properties);
