/** Mistral: OpenAI's messages with ids of nine letters and digits and arguments as a string; tools also as `available_tools`. */
import { isJsonObject } from "../json.ts";
import { conversation } from "./conversation.ts";
import type { Dialect } from "./dialect.ts";
import { callLosses, conversationLosses } from "./losses.ts";
import { readMessages, writeMessage, writeToolCall } from "./messages.ts";
import { type ArgumentsForm, type Call, emptyReading, type Reading } from "./model.ts";
import { openai, readChatTools, TOOL_KEYS, writeTool } from "./openai.ts";
import { type JsonObject, member, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { conversationOf, idMember, linked, toolsMember } from "./writing.ts";

const WANTED: readonly ArgumentsForm[] = ["string"];
const ID = /^[a-zA-Z0-9]{9}$/;
const READ: ReadonlySet<string> = new Set(["available_tools", "id", "messages", "tools"]);

export const mistral: Dialect = {
  id: "mistral",
  title: "Mistral messages",
  layout: "lines",

  detect(value) {
    if (!isJsonObject(value) || !Array.isArray(value.messages)) return 0;
    if (Array.isArray(value.available_tools)) return 1;
    const calls = value.messages.flatMap((message) => {
      const list = member(message, "tool_calls");
      return Array.isArray(list) ? list : [];
    });
    // A row without calls may be anyone's: it must not turn a file of theirs into OpenAI's, nor the reverse.
    if (calls.length === 0) return Math.max(0, openai.detect(value) - 0.02);
    return calls.every((call) => ID.test(textMember(call, "id") ?? "") && hasTextArguments(call)) ? 1 : 0;
  },

  read(value, root) {
    return isJsonObject(value) ? readRow(value, root) : emptyReading();
  },

  writeTool,
  writeCall: (call) => ({ value: writeToolCall(acceptable(call)), lost: callLosses([call]) }),
  writeSample(sample) {
    const { turns, replaced } = linked(conversationOf(sample), { accepts: (id) => ID.test(id), make: callId });
    const lost = conversationLosses(sample, { ids: true, names: true, id: true, toolKeys: TOOL_KEYS });
    if (replaced) lost.push("Ids of calls are replaced: Mistral takes nine letters and digits.");
    return {
      value: {
        ...idMember(sample),
        messages: turns.map((turn) => writeMessage(turn, false)),
        ...toolsMember(sample, (tool) => writeTool(tool).value),
      },
      lost,
    };
  },
};

const hasTextArguments = (call: unknown): boolean => typeof member(member(call, "function"), "arguments") === "string";

function readRow(value: JsonObject, root: Ref): Reading {
  const turns = readMessages(value.messages, root.at("messages"), WANTED);
  return conversation(value, root, { turns, offering: readChatTools(value, root), known: READ });
}

/** Nine characters, the call's number at their end. */
const callId = (index: number): string => `call${String(index + 1).padStart(5, "0")}`;

const acceptable = (call: Call): Call => ({
  ...call,
  id: call.id !== undefined && ID.test(call.id) ? call.id : callId(0),
});
