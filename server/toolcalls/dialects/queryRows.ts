/** Rows of a query, the tools it may use and the calls that answer it: xLAM keeps both in strings, Hammer as lists. */
import { isJsonObject } from "../json.ts";
import { readFlatParameters } from "./flatParameters.ts";
import { roleOf } from "./messages.ts";
import type { Call, Reading, Sample, Tool, Turn } from "./model.ts";
import { decode, items, type JsonObject, member, readCall, readTool, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";

/** @param adjust what the dialect knows of its parameters beyond their map */
export function readQueryRow(value: JsonObject, root: Ref, adjust: (tool: Tool) => Tool): Reading {
  const unreadable: Reading["unreadable"] = [];
  const list = (key: string): { item: unknown; ref: Ref }[] => {
    const { value: found, ref, fault } = decode(value[key], root.at(key));
    if (fault !== undefined) unreadable.push({ ref: fault.ref, sentence: `\`${key}\` is not JSON. ${fault.sentence}` });
    return items(found, ref);
  };
  const sample: Sample = {
    ...identity(value, root),
    ...question(value, root),
    offer: { kind: "own", tools: list("tools").flatMap(({ item, ref }) => readMapTool(item, ref, adjust) ?? []) },
    gold: list("answers").map(({ item, ref }) => readAnswer(item, ref)),
    demonstrations: [],
    ref: root,
  };
  return { tools: [], samples: [sample], demonstrations: [], unreadable };
}

function identity({ id }: JsonObject, root: Ref): Pick<Sample, "id" | "idRef"> {
  return typeof id === "string" || typeof id === "number" ? { id: String(id), idRef: root.at("id") } : {};
}

/** A question, or the messages before the answer; those of an `agent` are the assistant's words. */
function question(value: JsonObject, root: Ref): Pick<Sample, "query" | "queryRef" | "turns"> {
  const ref = root.at("query");
  const query = textMember(value, "query");
  if (query !== undefined) return { query, queryRef: ref, turns: [{ role: "user", text: query, calls: [], ref }] };
  const turns = items(value.query, ref).flatMap(({ item, ref: place }): Turn[] => {
    const role = textMember(item, "role") ?? "";
    const known = role === "agent" ? "assistant" : roleOf(role);
    return known === undefined ? [] : [{ role: known, text: textMember(item, "content") ?? "", calls: [], ref: place }];
  });
  const first = turns.find(({ role }) => role === "user");
  return { query: first?.text ?? "", queryRef: first?.ref.at("content") ?? ref, turns };
}

/** A tool whose parameters are a map of names, or a JSON Schema as with everyone else. */
export function readMapTool(value: unknown, ref: Ref, adjust: (tool: Tool) => Tool = (tool) => tool): Tool | undefined {
  const tool = readTool(value, ref);
  const flat = readFlatParameters(tool?.parameters);
  if (tool === undefined || flat === undefined) return tool;
  const { required, ...written } = tool.written;
  const named = Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
  return adjust({
    ...tool,
    parameters: withRequired(flat.schema, named),
    schemaRef: (path) =>
      path[0] === "required" && named.length > 0 ? ref.at(...path) : tool.schemaRef(flat.written(path)),
    // `required` beside such a map is where it belongs.
    written,
  });
}

/** The schema with these parameters required too. */
export function withRequired(schema: unknown, names: readonly string[]): unknown {
  if (!isJsonObject(schema) || names.length === 0) return schema;
  const before = Array.isArray(schema.required) ? schema.required : [];
  return { ...schema, required: [...new Set([...before, ...names])] };
}

/** A call under `name` and `arguments`, or under `tool` and `parameters`. */
export function readAnswer(value: unknown, ref: Ref): Call {
  const other = member(value, "name") === undefined && member(value, "tool") !== undefined;
  return other ? readCall(value, ref, { name: "tool", arguments: "parameters" }) : readCall(value, ref);
}
