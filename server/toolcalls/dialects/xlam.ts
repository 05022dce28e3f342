/** xLAM and APIGen: `{query, tools, answers}`, tools and answers as JSON in strings, parameters as a map without an object schema. */
import { plain } from "../display.ts";
import { isJsonObject } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { flatLosses, flatten } from "./flatParameters.ts";
import { losses, ownTools } from "./losses.ts";
import { type Call, callsOf, emptyReading, type Sample, type Tool } from "./model.ts";
import { readQueryRow, withRequired } from "./queryRows.ts";
import { member } from "./read.ts";
import { namedType } from "./typeNames.ts";

export const xlam: Dialect = {
  id: "xlam",
  title: "xLAM and APIGen",
  layout: "array",
  typeNames: { dict: "object", float: "number", int: "integer", list: "array", str: "string", bool: "boolean" },
  habits: {
    "schema-type-name": "hint",
    "tool-name": "hint",
    "default-type": "hint",
    "default-null": "hint",
    "array-items": "hint",
  },

  detect(value) {
    if (!isJsonObject(value)) return 0;
    const { tools, answers } = value;
    return typeof value.query === "string" && typeof tools === "string" && typeof answers === "string" ? 1 : 0;
  },

  read: (value, root) => (isJsonObject(value) ? readQueryRow(value, root, withUnmarkedRequired) : emptyReading()),

  writeTool: (tool) => ({ value: toolValue(tool), lost: toolLosses([tool]) }),
  writeCall: (call) => ({ value: callValue(call), lost: [] }),
  writeSample,
};

/** xLAM marks what is optional (`str, optional`, or a default); everything else has to be given. */
const withUnmarkedRequired = (tool: Tool): Tool => ({
  ...tool,
  parameters: withRequired(tool.parameters, requiredOf(member(tool.parameters, "properties"))),
});

function requiredOf(properties: unknown): string[] {
  if (!isJsonObject(properties)) return [];
  return Object.keys(properties).filter((name) => {
    const type = member(properties[name], "type");
    return typeof type === "string" && !namedType(type)?.optional && member(properties[name], "default") === undefined;
  });
}

function toolValue({ name, description = "", parameters }: Tool): unknown {
  // A schema that requires nothing need not say so; here every parameter has to.
  const explicit = isJsonObject(parameters) ? { required: [], ...parameters } : parameters;
  return { name, description, ...(parameters === undefined ? {} : { parameters: flatten(explicit) }) };
}

/** What is required, but looks optional: it has a default, or no type that could be left unmarked. */
function requiredLosses(tools: readonly Tool[]): string[] {
  return tools.flatMap((tool) => {
    const required = member(tool.parameters, "required");
    const unmarked = requiredOf(member(tool.parameters, "properties"));
    const left = Array.isArray(required) ? required.filter((name) => !unmarked.includes(String(name))) : [];
    if (left.length === 0) return [];
    return [`That these parameters of "${plain(tool.name)}" are required cannot be said: ${plain(left.join(", "))}.`];
  });
}

const toolLosses = (tools: readonly Tool[]): string[] => [...flatLosses(tools), ...requiredLosses(tools)];

const callValue = ({ name, arguments: values }: Call): unknown => ({ name, arguments: values });

function writeSample(sample: Sample): Written {
  return {
    value: {
      ...(sample.id === undefined ? {} : { id: sample.id }),
      query: sample.query,
      tools: JSON.stringify(ownTools(sample).map(toolValue)),
      answers: JSON.stringify(callsOf(sample).map(callValue)),
    },
    lost: [...losses(sample, { tools: "tools" }), ...toolLosses(ownTools(sample))],
  };
}
