/** A tool as one line: its name and its parameters with their types. */
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import type { ToolSchema } from "../../toolcalls/toolSchema.ts";

export interface Signature {
  label: string;
  /** Offsets in the label, by parameter. */
  parameters: { name: string; span: [number, number]; schema: unknown }[];
}

export function signatureOf(name: string, { properties = {}, required }: ToolSchema): Signature {
  let label = `${plain(name)}(`;
  const parameters: Signature["parameters"] = [];
  for (const [parameter, schema] of Object.entries(properties)) {
    if (parameters.length > 0) label += ", ";
    const start = label.length;
    label += `${plain(parameter)}${required.includes(parameter) ? "" : "?"}: ${typeText(schema)}`;
    parameters.push({ name: parameter, span: [start, label.length], schema });
  }
  return { label: `${label})`, parameters };
}

/** Enum values are listed up to this length of text. */
const LONGEST_ENUM = 60;

function typeText(schema: unknown, depth = 0): string {
  if (!isJsonObject(schema) || depth > 4) return "any";
  if (Array.isArray(schema.enum)) {
    const values = plain(schema.enum.map((value: unknown) => JSON.stringify(value)).join(" | "), 1000);
    if (values.length <= LONGEST_ENUM) return values;
  }
  const { type } = schema;
  if (Array.isArray(type)) return plain(type.join(" | "));
  if (type === "array") return isJsonObject(schema.items) ? `${typeText(schema.items, depth + 1)}[]` : "array";
  return typeof type === "string" ? plain(type) : "any";
}
