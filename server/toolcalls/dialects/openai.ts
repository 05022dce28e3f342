/** OpenAI chat: `tools`, and messages with tool_calls, as TRL, Axolotl, Together and OpenAI itself take them; preferences too. */
import { isJsonObject } from "../json.ts";
import { conversation } from "./conversation.ts";
import type { Dialect, Written } from "./dialect.ts";
import { callLosses, conversationLosses, toolLosses } from "./losses.ts";
import { readMessages, writeMessage, writeToolCall } from "./messages.ts";
import { type ArgumentsForm, emptyReading, type Reading, type Tool } from "./model.ts";
import { type OfferReading, readOffer } from "./offer.ts";
import { type JsonObject, member, readTool, readTools } from "./read.ts";
import type { Ref } from "./ref.ts";
import { conversationOf, idMember, toolsMember } from "./writing.ts";

/** The API takes a string; trainers on chat templates take an object. Both are right in some file. */
const WANTED: readonly ArgumentsForm[] = ["string", "object"];

/**
 * Where a row keeps its messages: a preference has its answer in `chosen`, a recorded run of tau-bench all of them in `traj`. The
 * rejected side of a preference may call what it likes, so nothing of it is read.
 */
const LISTS = ["messages", "prompt", "chosen", "traj"];
/** Keys of a tool that OpenAI has beyond name, description and parameters. */
export const TOOL_KEYS: readonly string[] = ["strict"];
const READ: ReadonlySet<string> = new Set([...LISTS, "available_tools", "id", "tools"]);

export const openai: Dialect = {
  id: "openai",
  title: "OpenAI chat tools and messages",
  layout: "lines",

  detect(value) {
    if (!isJsonObject(value)) return 0;
    if (isFunctionTool(value)) return 1;
    for (const list of [value.messages, value.traj]) {
      if (!Array.isArray(list)) continue;
      if (list.some(isMessageOfMcp)) return 0;
      return hasToolCalls(list) || value.tools !== undefined ? 0.9 : 0.5;
    }
    if (Array.isArray(value.prompt) && Array.isArray(value.chosen)) return 0.9;
    if (Array.isArray(value.tools)) return value.tools.some(isFunctionTool) ? 0.8 : 0;
    return typeof value.name === "string" && isJsonObject(value.parameters) ? 0.4 : 0;
  },

  read(value, root) {
    if (!isJsonObject(value)) return emptyReading();
    if (LISTS.some((key) => Array.isArray(value[key]))) return readRow(value, root);
    const single = readChatTool(value, root);
    if (isFunctionTool(value) || (value.tools === undefined && single?.name)) {
      return { ...emptyReading(), tools: single === undefined ? [] : [single] };
    }
    return { ...emptyReading(), tools: readTools(value.tools, root.at("tools"), readChatTool) };
  },

  writeTool,
  writeCall: (call) => ({ value: writeToolCall(call), lost: callLosses([call]) }),
  writeSample: (sample) => ({
    value: {
      ...idMember(sample),
      messages: conversationOf(sample).map((turn) => writeMessage(turn, true)),
      ...toolsMember(sample, (tool) => writeTool(tool).value),
    },
    lost: conversationLosses(sample, { ids: true, names: true, id: true, toolKeys: TOOL_KEYS }),
  }),
};

const isFunctionTool = (value: unknown): boolean =>
  isJsonObject(value) && isJsonObject(value.function) && value.tool_calls === undefined;

/** The Model Context Protocol has one block, not a list of them, as a content. */
const isMessageOfMcp = (message: unknown): boolean => isJsonObject(member(message, "content"));

const hasToolCalls = (messages: readonly unknown[]): boolean =>
  messages.some((message) => member(message, "tool_calls") !== undefined || member(message, "role") === "tool");

/** A tool in its `function` wrapper, or the bare function. */
export function readChatTool(value: unknown, ref: Ref): Tool | undefined {
  const inner = member(value, "function");
  if (!isJsonObject(inner)) return readTool(value, ref);
  const tool = readTool(inner, ref.at("function"));
  return tool && { ...tool, ref };
}

function readRow(value: JsonObject, root: Ref): Reading {
  const turns = LISTS.flatMap((key) => readMessages(value[key], root.at(key), WANTED));
  return conversation(value, root, { turns, offering: readChatTools(value, root), known: READ });
}

/** Under `tools`, or `available_tools` as Mistral's trainer names them. */
export function readChatTools(value: JsonObject, root: Ref): OfferReading {
  const key = value.tools === undefined ? "available_tools" : "tools";
  return readOffer(value[key], root.at(key), readChatTool);
}

export function writeTool(tool: Tool): Written {
  const { name, description, parameters, written } = tool;
  const value = {
    type: "function",
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
      ...(typeof written.strict === "boolean" ? { strict: written.strict } : {}),
    },
  };
  return { value, lost: toolLosses(tool, TOOL_KEYS) };
}
