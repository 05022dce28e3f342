/** ms-swift's agent rows: roles `tool_call` and `tool_response`, each call JSON in a content, tools JSON in a string. */
import { plain } from "../display.ts";
import { isJsonObject } from "../json.ts";
import { readCallsIn } from "./callText.ts";
import { conversation } from "./conversation.ts";
import type { Dialect } from "./dialect.ts";
import { readLooseTool } from "./looseTool.ts";
import { callLosses, conversationLosses } from "./losses.ts";
import { contentText, roleOf } from "./messages.ts";
import { emptyReading, type Reading, type Turn } from "./model.ts";
import { readOffer } from "./offer.ts";
import { openai, TOOL_KEYS, writeTool } from "./openai.ts";
import { items, type JsonObject, member, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { addCalls } from "./turns.ts";
import { bareCall, carried, conversationOf, idMember, toolsMember } from "./writing.ts";

const READ: ReadonlySet<string> = new Set(["id", "messages", "tools"]);
const CARRIED: ReadonlySet<string> = new Set([
  "audios",
  "channel",
  "images",
  "label",
  "objects",
  "rejected_images",
  "rejected_messages",
  "rejected_response",
  "videos",
]);

export const msSwift: Dialect = {
  id: "ms-swift",
  title: "ms-swift agent rows",
  layout: "lines",
  habits: { "tool-name": "hint" },

  detect(value) {
    if (!isJsonObject(value) || !Array.isArray(value.messages)) return 0;
    const roles = value.messages.map((message) => member(message, "role"));
    if (roles.some((role) => role === "tool_call" || role === "tool_response")) return 1;
    // A row without calls may be anyone's who writes tools as a string.
    return typeof value.tools === "string" ? Math.max(0, openai.detect(value) - 0.02) : 0;
  },

  read(value, root) {
    return isJsonObject(value) ? readRow(value, root) : emptyReading();
  },

  writeTool,
  writeCall: (call) => ({ value: callMessage(bareCall(call)), lost: callLosses([call]) }),
  writeSample: (sample) => ({
    value: {
      ...idMember(sample),
      ...toolsMember(sample, (tool) => writeTool(tool).value, JSON.stringify),
      messages: conversationOf(sample).flatMap(messagesOf),
      ...carried(sample, CARRIED),
    },
    lost: conversationLosses(sample, { keys: CARRIED, id: true, toolKeys: TOOL_KEYS }),
  }),
};

function readRow(value: JsonObject, root: Ref): Reading {
  const turns: Turn[] = [];
  const offering = readOffer(value.tools, root.at("tools"), readLooseTool);
  for (const { item, ref } of items(value.messages, root.at("messages"))) {
    const fault = readMessage(item, ref, turns);
    if (fault !== undefined) offering.unreadable.push(fault);
  }
  return conversation(value, root, { turns, offering, known: READ });
}

function readMessage(message: unknown, ref: Ref, turns: Turn[]): Reading["unreadable"][number] | undefined {
  const role = textMember(message, "role") ?? "";
  const content = member(message, "content");
  const place = ref.at("content");
  if (role === "tool_call") {
    const calls = readCallsIn(content, place);
    addCalls(turns, calls, "", ref);
    return calls.length > 0 ? undefined : { ref, sentence: "This message holds no call; write one into its content." };
  }
  const known = role === "tool_response" ? "tool" : roleOf(role);
  if (known === undefined) {
    const sentence = `ms-swift knows no role "${plain(role)}"; use system, user, assistant, tool_call or tool_response.`;
    return { ref: isJsonObject(message) && role !== "" ? ref.at("role") : ref, sentence };
  }
  turns.push({ role: known, text: contentText(content), calls: [], ref });
  return undefined;
}

const callMessage = (call: JsonObject): unknown => ({ role: "tool_call", content: JSON.stringify(call) });

function messagesOf({ role, text, calls }: Turn): unknown[] {
  if (role === "tool") return [{ role: "tool_response", content: text }];
  const said = text === "" && calls.length > 0 ? [] : [{ role, content: text }];
  return [...said, ...calls.map((call) => callMessage(bareCall(call)))];
}
