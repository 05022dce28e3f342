/** LLaMA-Factory v1: contents as lists of parts (text, reasoning, tool_call), each with a `value`; tools JSON in a string. */
import { isJsonObject } from "../json.ts";
import { readCallsIn } from "./callText.ts";
import { conversation } from "./conversation.ts";
import type { Dialect } from "./dialect.ts";
import { readLooseTool } from "./looseTool.ts";
import { callLosses, conversationLosses } from "./losses.ts";
import { roleOf } from "./messages.ts";
import { type Call, emptyReading, type Reading, type Turn } from "./model.ts";
import { readOffer } from "./offer.ts";
import { TOOL_KEYS, writeTool } from "./openai.ts";
import { items, type JsonObject, member, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { splitThought, withThought } from "./turns.ts";
import { bareCall, carried, conversationOf, idMember, toolsMember } from "./writing.ts";

const PARTS: ReadonlySet<unknown> = new Set(["reasoning", "text", "tool_call"]);
/** Of a preference only the chosen side is learned; the rejected may call what it likes. */
const LISTS = ["messages", "chosen_messages"];
const READ: ReadonlySet<string> = new Set([...LISTS, "id", "tools"]);
const CARRIED: ReadonlySet<string> = new Set(["extra_info", "rejected_messages"]);

export const llamaFactory: Dialect = {
  id: "llama-factory",
  title: "LLaMA-Factory v1 messages",
  layout: "lines",
  habits: { "tool-name": "hint", "schema-type-name": "hint" },

  detect(value) {
    if (!isJsonObject(value)) return 0;
    const parts = LISTS.flatMap((key) => listMember(value, key)).flatMap((message) => listMember(message, "content"));
    return parts.some((part) => PARTS.has(member(part, "type")) && typeof member(part, "value") === "string") ? 1 : 0;
  },

  read(value, root) {
    return isJsonObject(value) ? readRow(value, root) : emptyReading();
  },

  writeTool,
  writeCall: (call) => ({ value: callPart(bareCall(call)), lost: callLosses([call]) }),
  writeSample: (sample) => ({
    value: {
      ...idMember(sample),
      messages: conversationOf(sample).map(message),
      ...toolsMember(sample, (tool) => writeTool(tool).value, JSON.stringify),
      ...carried(sample, CARRIED),
    },
    lost: conversationLosses(sample, { keys: CARRIED, id: true, toolKeys: TOOL_KEYS }),
  }),
};

function listMember(value: unknown, key: string): readonly unknown[] {
  const list = member(value, key);
  return Array.isArray(list) ? list : [];
}

function readRow(value: JsonObject, root: Ref): Reading {
  const turns = LISTS.flatMap((key) => items(value[key], root.at(key))).flatMap(
    ({ item, ref }) => readMessage(item, ref) ?? [],
  );
  const offering = readOffer(value.tools, root.at("tools"), readLooseTool);
  return conversation(value, root, { turns, offering, known: READ });
}

function readMessage(value: unknown, ref: Ref): Turn | undefined {
  const role = roleOf(textMember(value, "role") ?? "");
  if (role === undefined) return undefined;
  const content = member(value, "content");
  const calls: Call[] = [];
  let text = typeof content === "string" ? content : "";
  let thought = "";
  for (const { item, ref: place } of items(content, ref.at("content"))) {
    const type = member(item, "type");
    const inside = textMember(item, "value") ?? "";
    if (type === "text") text += inside;
    else if (type === "reasoning") thought += inside;
    else if (type === "tool_call") calls.push(...readCallsIn(member(item, "value"), place.at("value")));
  }
  return { role, text: withThought(thought, text), calls, ref };
}

const callPart = (call: JsonObject): unknown => ({ type: "tool_call", value: JSON.stringify(call) });

function message({ role, text, calls }: Turn): unknown {
  const { thought, rest } = role === "assistant" ? splitThought(text) : { thought: "", rest: text };
  const content = [
    ...(thought === "" ? [] : [{ type: "reasoning", value: thought }]),
    ...(rest === "" && calls.length > 0 ? [] : [{ type: "text", value: rest }]),
    ...calls.map((call) => callPart(bareCall(call))),
  ];
  return { role, content };
}
