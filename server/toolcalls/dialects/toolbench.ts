/** ToolBench and StableToolBench: queries with the APIs they may use, and the APIs of one tool; parameters as two lists. */
import { isJsonObject } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { GENERATED_MAPS } from "./habits.ts";
import { rowLosses } from "./losses.ts";
import { emptyReading, type Sample, type Tool } from "./model.ts";
import { type JsonObject, member, readTools, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { ownTools } from "./writing.ts";

const LISTS = ["required_parameters", "optional_parameters"] as const;

export const toolbench: Dialect = {
  id: "toolbench",
  title: "ToolBench and StableToolBench",
  layout: "array",
  habits: { ...GENERATED_MAPS, "duplicate-tool": "hint" },

  detect(value) {
    if (!isJsonObject(value)) return 0;
    if (isApi(value)) return 1;
    return Array.isArray(value.api_list) && (value.api_list.length === 0 || value.api_list.some(isApi)) ? 1 : 0;
  },

  read(value, root) {
    if (!isJsonObject(value)) return emptyReading();
    if (!Array.isArray(value.api_list)) {
      const tool = readApi(value, root);
      return { ...emptyReading(), tools: tool?.name ? [tool] : [] };
    }
    const tools = readTools(value.api_list, root.at("api_list"), readApi);
    if (value.query === undefined) return { ...emptyReading(), tools };
    return { ...emptyReading(), samples: [readQuery(value, tools, root)] };
  },

  writeTool: (tool) => ({ value: apiValue(tool), lost: [] }),
  writeSample,
};

const isApi = (value: unknown): boolean => LISTS.some((key) => Array.isArray(member(value, key)));

function readQuery(value: JsonObject, tools: Tool[], root: Ref): Sample {
  const id = value.query_id;
  const query = textMember(value, "query") ?? "";
  const ref = root.at("query");
  return {
    ...(typeof id === "string" || typeof id === "number" ? { id: String(id), idRef: root.at("query_id") } : {}),
    query,
    queryRef: ref,
    offer: { kind: "own", tools },
    turns: [{ role: "user", text: query, calls: [], ref }],
    demonstrations: [],
    ref: root,
  };
}

interface Parameter {
  name: string;
  schema: JsonObject;
  list: (typeof LISTS)[number];
  index: number;
}

function parametersOf(value: JsonObject): Parameter[] {
  return LISTS.flatMap((list) => {
    const found: unknown = value[list];
    return (Array.isArray(found) ? found : []).flatMap((item: unknown, index): Parameter[] => {
      const name = textMember(item, "name");
      if (name === undefined || !isJsonObject(item)) return [];
      const { name: _, ...schema } = item;
      return [{ name, schema, list, index }];
    });
  });
}

function readApi(value: unknown, ref: Ref): Tool | undefined {
  if (!isJsonObject(value)) return undefined;
  const nameKey = value.api_name === undefined ? "name" : "api_name";
  const description = textMember(value, "api_description") ?? textMember(value, "description");
  const found = parametersOf(value);
  const required = found.filter(({ list }) => list === "required_parameters").map(({ name }) => name);
  const byName = new Map(found.map((parameter) => [parameter.name, parameter]));
  return {
    name: textMember(value, nameKey) ?? "",
    ...(description === undefined ? {} : { description }),
    parameters: {
      type: "object",
      properties: Object.fromEntries(found.map(({ name, schema }) => [name, schema])),
      ...(required.length > 0 ? { required } : {}),
    },
    ref,
    nameRef: value[nameKey] === undefined ? ref : ref.at(nameKey),
    schemaRef(path) {
      const [keyword, step, ...rest] = path;
      const name = keyword === "required" && typeof step === "number" ? required[step] : step;
      const parameter = typeof name === "string" ? byName.get(name) : undefined;
      if (parameter === undefined) return ref;
      const place = ref.at(parameter.list, parameter.index);
      return keyword === "required" ? place.at("name") : place.at(...rest);
    },
    written: value,
  };
}

function apiValue({ name, description = "", parameters, written }: Tool): unknown {
  const required = member(parameters, "required");
  const properties = member(parameters, "properties");
  const entries = Object.entries(isJsonObject(properties) ? properties : {}).map(([key, schema]) => ({
    needed: Array.isArray(required) && required.includes(key),
    entry: { name: key, ...(isJsonObject(schema) ? schema : {}) },
  }));
  return {
    category_name: textMember(written, "category_name") ?? "",
    tool_name: textMember(written, "tool_name") ?? "",
    api_name: name,
    api_description: description,
    required_parameters: entries.filter(({ needed }) => needed).map(({ entry }) => entry),
    optional_parameters: entries.filter(({ needed }) => !needed).map(({ entry }) => entry),
  };
}

/** Queries alone: what ToolBench's answers hold is a search over calls, which no other format has. */
function writeSample(sample: Sample): Written {
  return {
    value: {
      api_list: ownTools(sample).map(apiValue),
      query: sample.query,
      ...(sample.id === undefined ? {} : { query_id: sample.id }),
    },
    lost: rowLosses(sample, { tools: "api_list", calls: false }),
  };
}
