/** A tool in its `function` wrapper or without, its parameters a schema or, as in data that comes from xLAM, a map of them. */
import { isJsonObject } from "../json.ts";
import { readFlatParameters } from "./flatParameters.ts";
import type { Tool } from "./model.ts";
import { readChatTool } from "./openai.ts";
import { member } from "./read.ts";
import type { Ref } from "./ref.ts";

export function readLooseTool(value: unknown, ref: Ref): Tool | undefined {
  const tool = readChatTool(value, ref);
  if (tool === undefined || !isMap(tool.parameters)) return tool;
  const flat = readFlatParameters(tool.parameters);
  if (flat === undefined) return tool;
  return { ...tool, parameters: flat.schema, schemaRef: (path) => tool.schemaRef(flat.written(path)) };
}

/** Every member describes a parameter, so that none of them can be a keyword of JSON Schema. */
function isMap(parameters: unknown): boolean {
  if (!isJsonObject(parameters)) return false;
  const values = Object.values(parameters);
  return values.length > 0 && values.every((value) => typeof member(value, "type") === "string");
}
