/** OpenAI Responses: tools without the `function` wrapper, and conversations as a list of items of many types. */
import { isJsonObject } from "../json.ts";
import { conversation, requestOf } from "./conversation.ts";
import type { Dialect, Written } from "./dialect.ts";
import { callLosses, conversationLosses, toolLosses } from "./losses.ts";
import { contentText, roleOf } from "./messages.ts";
import { type ArgumentsForm, type Call, emptyReading, type Reading, type Tool, type Turn } from "./model.ts";
import { onlyTools, readOffer } from "./offer.ts";
import { TOOL_KEYS } from "./openai.ts";
import { items, type JsonObject, member, readCall, readTool, readTools, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { addCalls } from "./turns.ts";
import { argumentsOf, carried, conversationOf, linked, toolsMember } from "./writing.ts";

const WANTED: readonly ArgumentsForm[] = ["string"];
const READ: ReadonlySet<string> = new Set(["id", "input", "instructions", "object", "output", "tools"]);
const CARRIED: ReadonlySet<string> = new Set([
  "max_output_tokens",
  "model",
  "parallel_tool_calls",
  "reasoning",
  "temperature",
  "tool_choice",
  "top_p",
]);

export const openaiResponses: Dialect = {
  id: "openai-responses",
  title: "OpenAI Responses tools and items",
  layout: "lines",

  detect(value) {
    if (!isJsonObject(value)) return 0;
    if (isFlatTool(value) || isCallItem(value)) return 1;
    const { holder } = requestOf(value, "body");
    const { input, output, tools } = holder;
    if ([input, output].some((list) => Array.isArray(list) && list.some(isCallItem))) return 1;
    if (Array.isArray(tools) && tools.some(isFlatTool)) return 1;
    if (holder.object === "response" && Array.isArray(output)) return 1;
    const speaks = Array.isArray(input) && input.some((item) => roleOf(textMember(item, "role") ?? "") !== undefined);
    return speaks && typeof holder.model === "string" ? 0.8 : 0;
  },

  read(value, root) {
    if (!isJsonObject(value)) return emptyReading();
    if (isFlatTool(value)) return { ...emptyReading(), tools: readTools([value], root, () => readTool(value, root)) };
    const { holder, path } = requestOf(value, "body");
    const place = root.at(...path);
    if (isCallItem(value)) return sampleOf({}, [{ item: value, ref: root }], root);
    if (holder.input === undefined && holder.output === undefined)
      return { ...emptyReading(), tools: readTools(holder.tools, place.at("tools"), readFlatTool) };
    const asked =
      typeof holder.input === "string"
        ? [{ item: { role: "user", content: holder.input }, ref: place.at("input") }]
        : items(holder.input, place.at("input"));
    return sampleOf(holder, [...asked, ...items(holder.output, place.at("output"))], place);
  },

  writeTool,
  writeCall: (call) => ({ value: callItem({ ...call, id: call.id ?? callId(0) }), lost: callLosses([call]) }),
  writeSample(sample) {
    const { turns } = linked(conversationOf(sample), { accepts: (id) => id !== "", make: callId });
    return {
      value: {
        ...carried(sample, CARRIED),
        input: turns.flatMap(itemsOf),
        ...toolsMember(sample, (tool) => writeTool(tool).value),
      },
      lost: conversationLosses(sample, { keys: CARRIED, ids: true, toolKeys: TOOL_KEYS }),
    };
  },
};

/** A call has `arguments` where a tool has `parameters`; only a call on its way to be one lacks both. */
const isFlatTool = (value: unknown): boolean =>
  member(value, "type") === "function" &&
  typeof member(value, "name") === "string" &&
  member(value, "function") === undefined &&
  member(value, "arguments") === undefined;

const isCallItem = (value: unknown): boolean =>
  (member(value, "type") === "function_call" && typeof member(value, "name") === "string") ||
  (member(value, "type") === "function_call_output" && member(value, "call_id") !== undefined);

const readFlatTool = (value: unknown, ref: Ref): Tool | undefined =>
  isFlatTool(value) ? readTool(value, ref) : undefined;

function sampleOf(holder: JsonObject, list: readonly { item: unknown; ref: Ref }[], place: Ref): Reading {
  const turns: Turn[] = [];
  const instructions = textMember(holder, "instructions");
  if (instructions !== undefined)
    turns.push({ role: "system", text: instructions, calls: [], ref: place.at("instructions") });
  for (const { item, ref } of list) readItem(item, ref, turns);
  // Tools that OpenAI runs itself have no schema, so they are left out rather than called unreadable.
  const functions = Array.isArray(holder.tools) ? holder.tools : undefined;
  const offering = onlyTools(readOffer(functions, place.at("tools"), readTool), isFlatTool);
  return conversation(holder, place, { turns, offering, known: READ, named: false });
}

function readItem(item: unknown, ref: Ref, turns: Turn[]): void {
  const type = member(item, "type");
  if (type === "function_call") {
    const id = textMember(item, "call_id");
    const call = readCall(item, ref, { wanted: WANTED });
    addCalls(turns, [{ ...call, ...(id === undefined ? {} : { id }) }], "", ref);
  } else if (type === "function_call_output") {
    const id = textMember(item, "call_id");
    const text = contentText(member(item, "output"));
    turns.push({ role: "tool", text, calls: [], ...(id === undefined ? {} : { callId: id }), ref });
  } else if (type === undefined || type === "message") {
    const role = roleOf(textMember(item, "role") ?? "");
    if (role !== undefined) turns.push({ role, text: contentText(member(item, "content")), calls: [], ref });
  }
}

function writeTool(tool: Tool): Written {
  const { name, description, parameters, written } = tool;
  const value = {
    type: "function",
    name,
    ...(description === undefined ? {} : { description }),
    // The API demands both keys; null says that there is nothing.
    parameters: parameters ?? null,
    strict: typeof written.strict === "boolean" ? written.strict : false,
  };
  return { value, lost: toolLosses(tool, TOOL_KEYS) };
}

const callId = (index: number): string => `call_${index + 1}`;

const callItem = (call: Call): unknown => ({
  type: "function_call",
  call_id: call.id,
  name: call.name,
  arguments: JSON.stringify(argumentsOf(call)),
});

function itemsOf({ role, text, calls, callId: answered }: Turn): unknown[] {
  if (role === "tool") return [{ type: "function_call_output", call_id: answered, output: text }];
  const said = text === "" && calls.length > 0 ? [] : [{ role, content: text }];
  return [...said, ...calls.map(callItem)];
}
