/** A call as the view shows it: as JSON, and as a form where its tool says what it takes. */
import type { ArgumentField, CallReading } from "../../../schemas/replacementView.ts";
import type { ToolCall } from "../../../schemas/samples.ts";
import type { ToolMap } from "../../../server/toolcalls/catalog.ts";
import { isJsonObject } from "../../../server/toolcalls/json.ts";
import { ToolSchema } from "../../../server/toolcalls/toolSchema.ts";

const TYPES = ["string", "number", "integer", "boolean"] as const;

export function callReading(call: ToolCall, tools: ToolMap): CallReading {
  const tool = tools.get(call.name);
  return {
    name: call.name,
    arguments: JSON.stringify(call.arguments, null, 2),
    fields: tool ? fieldsOf(ToolSchema.of(tool.function.parameters), call.arguments) : null,
  };
}

/** The parameters of the tool in its order, then arguments that it does not know. Null where it names none. */
function fieldsOf(schema: ToolSchema, values: Readonly<Record<string, unknown>>): ArgumentField[] | null {
  if (schema.properties === undefined) return null;
  const textOf = (name: string): string | null =>
    Object.hasOwn(values, name) ? JSON.stringify(values[name], null, 2) : null;
  const known = Object.keys(schema.properties).map((name): ArgumentField => {
    const parameter = schema.property(name)?.schema;
    const { description, options, type } = described(parameter);
    const value = textOf(name);
    return { name, description, type, options, required: schema.required.includes(name), value };
  });
  const strange = Object.keys(values)
    .filter((name) => !Object.hasOwn(schema.properties ?? {}, name))
    .map((name): ArgumentField => {
      return { name, description: "", type: "json", options: [], required: false, value: textOf(name) };
    });
  return [...known, ...strange];
}

function described(parameter: unknown): Pick<ArgumentField, "description" | "options" | "type"> {
  const schema = isJsonObject(parameter) ? parameter : {};
  const description = typeof schema.description === "string" ? schema.description : "";
  const options = Array.isArray(schema.enum) ? schema.enum.map((value: unknown) => JSON.stringify(value)) : [];
  if (options.length > 0) return { description, options, type: "choice" };
  // A list of types is more than one field can ask for.
  const type = TYPES.find((name) => name === schema.type) ?? "json";
  return { description, options, type };
}
