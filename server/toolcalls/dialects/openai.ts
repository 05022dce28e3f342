/** OpenAI chat: `tools`, and messages with tool_calls, as TRL, Axolotl, Together and OpenAI itself take them. */
import { isJsonObject } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { firstQuestion, readMessages } from "./messages.ts";
import { type ArgumentsForm, type Call, emptyReading, type Sample, type Tool, type Turn } from "./model.ts";
import { decode, type JsonObject, member, readTool, readTools, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";

/** The API takes a string; trainers on chat templates take an object. Both are right in some file. */
const WANTED: readonly ArgumentsForm[] = ["string", "object"];

export const openai: Dialect = {
  id: "openai",
  title: "OpenAI chat tools and messages",
  layout: "lines",

  detect(value) {
    if (!isJsonObject(value)) return 0;
    if (isFunctionTool(value)) return 1;
    if (Array.isArray(value.messages)) return hasToolCalls(value.messages) || value.tools !== undefined ? 0.9 : 0.5;
    if (Array.isArray(value.prompt) && Array.isArray(value.chosen)) return 0.9;
    if (Array.isArray(value.tools)) return value.tools.some(isFunctionTool) ? 0.8 : 0;
    return typeof value.name === "string" && isJsonObject(value.parameters) ? 0.4 : 0;
  },

  read(value, root) {
    if (!isJsonObject(value)) return emptyReading();
    if (Array.isArray(value.messages) || Array.isArray(value.prompt))
      return { ...emptyReading(), samples: [readRow(value, root)] };
    const single = readChatTool(value, root);
    if (isFunctionTool(value) || (value.tools === undefined && single?.name)) {
      return { ...emptyReading(), tools: single === undefined ? [] : [single] };
    }
    return { ...emptyReading(), tools: readTools(value.tools, root.at("tools"), readChatTool) };
  },

  writeTool,
  writeCall: (call) => ({ value: toolCall(call), lost: [] }),
  writeSample,
  writeTools: (tools) => ({ value: tools.map((tool) => writeTool(tool).value), lost: [] }),
};

const isFunctionTool = (value: unknown): boolean =>
  isJsonObject(value) && isJsonObject(value.function) && value.tool_calls === undefined;

const hasToolCalls = (messages: readonly unknown[]): boolean =>
  messages.some((message) => member(message, "tool_calls") !== undefined || member(message, "role") === "tool");

/** A tool in its `function` wrapper, or the bare function. */
export function readChatTool(value: unknown, ref: Ref): Tool | undefined {
  const inner = member(value, "function");
  if (!isJsonObject(inner)) return readTool(value, ref);
  const tool = readTool(inner, ref.at("function"));
  return tool && { ...tool, ref };
}

function readRow(value: JsonObject, root: Ref): Sample {
  const id = textMember(value, "id");
  const lists = ["messages", "prompt", "chosen"].filter((key) => Array.isArray(value[key]));
  const turns = lists.flatMap((key) => readMessages(value[key], root.at(key), WANTED));
  const tools = decode(
    value.tools ?? value.available_tools,
    root.at(value.tools === undefined ? "available_tools" : "tools"),
  );
  return {
    ...(id === undefined ? {} : { id, idRef: root.at("id") }),
    ...firstQuestion(turns, root),
    offer: Array.isArray(tools.value)
      ? { kind: "own", tools: readTools(tools.value, tools.ref, readChatTool) }
      : { kind: "open" },
    turns,
    demonstrations: [],
    ref: root,
  };
}

export function writeTool({ name, description, parameters }: Tool): Written {
  const value = {
    type: "function",
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
    },
  };
  return { value, lost: [] };
}

const toolCall = ({ id, name, arguments: values }: Call): unknown => ({
  ...(id === undefined ? {} : { id }),
  type: "function",
  function: { name, arguments: JSON.stringify(values) },
});

function writeSample(sample: Sample): Written {
  const turns: Turn[] = [...sample.turns];
  if (sample.gold !== undefined) turns.push({ role: "assistant", text: "", calls: sample.gold, ref: sample.ref });
  const demonstrated = sample.demonstrations.flatMap((demonstration): Turn[] => [
    { role: "user", text: demonstration.query, calls: [], ref: demonstration.ref },
    { role: "assistant", text: "", calls: demonstration.gold ?? [], ref: demonstration.ref },
  ]);
  const { offer } = sample;
  const lost = offer.kind === "own" ? [] : ["The tools are not in the record; put their definitions under `tools`."];
  const value = {
    ...(sample.id === undefined ? {} : { id: sample.id }),
    messages: [...demonstrated, ...turns].map(message),
    ...(offer.kind === "own" ? { tools: offer.tools.map((tool) => writeTool(tool).value) } : {}),
  };
  return { value, lost };
}

function message({ role, text, calls, callId, name }: Turn): unknown {
  return {
    role,
    content: text,
    ...(calls.length > 0 ? { tool_calls: calls.map(toolCall) } : {}),
    ...(callId === undefined ? {} : { tool_call_id: callId }),
    ...(name === undefined ? {} : { name }),
  };
}
