/** Seal-Tools: `{id, query, calling: [{api, parameters, responses}]}`, and tools with their parameters as a map. */
import { isJsonObject } from "../json.ts";
import { identity } from "./conversation.ts";
import type { Dialect, Written } from "./dialect.ts";
import { flatLosses } from "./flatParameters.ts";
import { callLosses, rowLosses } from "./losses.ts";
import { type Call, callsOf, emptyReading, type Sample, type Tool } from "./model.ts";
import { readMapTool } from "./queryRows.ts";
import { items, type JsonObject, member, readCall, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { argumentsOf } from "./writing.ts";

export const sealTools: Dialect = {
  id: "seal-tools",
  title: "Seal-Tools",
  layout: "lines",
  // Its calls hold every value as a text, and the name of an earlier result in place of a value.
  habits: { "schema-type-name": "hint", "tool-name": "hint", "array-items": "hint", "argument-type": "hint" },

  detect(value) {
    if (!isJsonObject(value)) return 0;
    if (Array.isArray(value.calling) && typeof value.query === "string") return 1;
    const isTool = typeof value.api_name === "string" && isJsonObject(value.parameters);
    return isTool && (isJsonObject(value.responses) || typeof value.field === "string") ? 1 : 0;
  },

  read(value, root) {
    if (!isJsonObject(value)) return emptyReading();
    if (Array.isArray(value.calling)) return { ...emptyReading(), samples: [readRow(value, root)] };
    const tool = readApi(value, root);
    return { ...emptyReading(), tools: tool?.name ? [tool] : [] };
  },

  writeTool: (tool) => ({ value: apiValue(tool), lost: flatLosses([tool]) }),
  writeCall: (call) => ({ value: callValue(call, 0), lost: callLosses([call]) }),
  writeSample,
};

function readApi(value: unknown, ref: Ref): Tool | undefined {
  const tool = readMapTool(value, ref);
  if (tool === undefined) return undefined;
  const description = textMember(value, "api_description");
  return {
    ...tool,
    name: textMember(value, "api_name") ?? "",
    nameRef: member(value, "api_name") === undefined ? ref : ref.at("api_name"),
    ...(description === undefined ? {} : { description }),
  };
}

function readRow(value: JsonObject, root: Ref): Sample {
  const query = textMember(value, "query") ?? "";
  const ref = root.at("query");
  return {
    ...identity(value, root),
    query,
    queryRef: ref,
    offer: { kind: "open" },
    turns: [{ role: "user", text: query, calls: [], ref }],
    gold: items(value.calling, root.at("calling")).map(({ item, ref: place }) =>
      readCall(item, place, { name: "api", arguments: "parameters" }),
    ),
    demonstrations: [],
    ref: root,
  };
}

function apiValue({ name, description = "", parameters }: Tool): unknown {
  const required = member(parameters, "required");
  const properties = member(parameters, "properties");
  return {
    api_name: name,
    api_description: description,
    field: "",
    parameters: properties ?? parameters ?? {},
    ...(isJsonObject(properties) && Array.isArray(required) ? { required } : {}),
    responses: {},
  };
}

const callValue = (call: Call, index: number): unknown => ({
  api: call.name,
  parameters: argumentsOf(call),
  responses: [`API_call_${index}`],
});

function writeSample(sample: Sample): Written {
  return {
    value: { id: sample.id ?? "", query: sample.query, calling: callsOf(sample).map(callValue) },
    lost: rowLosses(sample, {}),
  };
}
