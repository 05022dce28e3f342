/** xLAM and APIGen: `{query, tools, answers}`, tools and answers as JSON in strings, parameters as a map without an object schema. */
import { plain } from "../display.ts";
import { isJsonObject } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { flatLosses, flatten } from "./flatParameters.ts";
import { GENERATED_MAPS } from "./habits.ts";
import { callLosses, rowLosses } from "./losses.ts";
import { callsOf, emptyReading, type Sample, type Tool } from "./model.ts";
import { readQueryRow, withRequired } from "./queryRows.ts";
import { member } from "./read.ts";
import { namedType } from "./typeNames.ts";
import { bareCall, idMember, ownTools } from "./writing.ts";

export const xlam: Dialect = {
  id: "xlam",
  title: "xLAM and APIGen",
  layout: "array",
  habits: GENERATED_MAPS,

  detect(value) {
    if (!isJsonObject(value)) return 0;
    const { tools, answers } = value;
    return typeof value.query === "string" && typeof tools === "string" && typeof answers === "string" ? 1 : 0;
  },

  read: (value, root) => (isJsonObject(value) ? readQueryRow(value, root, withUnmarkedRequired) : emptyReading()),

  writeTool: (tool) => ({ value: toolValue(tool), lost: toolLosses([tool]) }),
  writeCall: (call) => ({ value: bareCall(call), lost: callLosses([call]) }),
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

function writeSample(sample: Sample): Written {
  return {
    value: {
      ...idMember(sample),
      query: sample.query,
      tools: JSON.stringify(ownTools(sample).map(toolValue)),
      answers: JSON.stringify(callsOf(sample).map(bareCall)),
    },
    lost: [...rowLosses(sample, { tools: "tools" }), ...toolLosses(ownTools(sample))],
  };
}
