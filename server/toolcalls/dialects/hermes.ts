/**
 * Hermes and Qwen: everything stands in the text of the chat. `<tools>` in the system's, a `<tool_call>` for each call in the
 * assistant's, `<tool_response>` in the tool's or the user's. Rows have messages, conversations or one rendered text; a whole
 * text file is a text alone.
 */
import { isJsonObject } from "../json.ts";
import { conversation } from "./conversation.ts";
import type { Dialect } from "./dialect.ts";
import { hermesTurns, systemText, taggedCall, toolsInText } from "./hermesText.ts";
import { readLooseTool } from "./looseTool.ts";
import { callLosses, conversationLosses } from "./losses.ts";
import { roleOf } from "./messages.ts";
import { type Call, emptyReading, type Reading, type Role } from "./model.ts";
import { type OfferReading, readOffer } from "./offer.ts";
import { TOOL_KEYS, writeTool } from "./openai.ts";
import { items, type JsonObject, member, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { speakerRole } from "./speakers.ts";
import { carried, conversationOf, idMember, ownTools } from "./writing.ts";

const TAGS = /<tool_call>|<tool_response>|<tools>/;
const READ: ReadonlySet<string> = new Set(["conversations", "id", "messages", "text", "tools"]);
const CARRIED: ReadonlySet<string> = new Set(["category", "subcategory", "task"]);

export const hermes: Dialect = {
  id: "hermes",
  title: "Hermes and Qwen text",
  layout: "lines",
  callTags: "each",
  habits: { "tool-name": "hint" },

  detect(value) {
    if (typeof value === "string") return TAGS.test(value) ? 1 : 0;
    if (!isJsonObject(value) || value.reward_model !== undefined || value.answer !== undefined) return 0;
    if (typeof value.text === "string") return TAGS.test(value.text) ? 1 : 0;
    const list = value.messages ?? value.conversations;
    if (!Array.isArray(list) || list.some(hasOwnCalls)) return 0;
    return list.some((message) => hasTags(said(message))) ? 1 : 0;
  },

  read(value, root) {
    if (typeof value === "string") return rendered(value, root, {}, root);
    if (!isJsonObject(value)) return emptyReading();
    if (typeof value.text === "string") return rendered(value.text, root.at("text"), value, root);
    const key = value.messages === undefined ? "conversations" : "messages";
    const parts = items(value[key], root.at(key)).flatMap(({ item, ref }): Part[] => {
      const found = said(item);
      return found === undefined
        ? []
        : [{ role: found.role, text: found.text, ref, textRef: ref.at(found.key), from: 0, to: found.text.length }];
    });
    return sampleOf(parts, value, root);
  },

  writeTool,
  writeCall: (call) => ({ value: taggedCall(call), lost: callLosses([call]) }),
  writeSample(sample) {
    const turns = conversationOf(sample);
    const [first, ...rest] = turns;
    const leads = first?.role === "system";
    const lines = ownTools(sample).map((tool) => JSON.stringify(writeTool(tool).value));
    const system = systemText(leads ? first.text : "", lines);
    const others = leads ? rest : turns;
    return {
      value: {
        ...idMember(sample),
        messages: [
          ...(system === "" && !leads ? [] : [{ role: "system", content: system }]),
          ...others.map(({ role, text, calls }) => ({ role, content: contentOf(role, text, calls) })),
        ],
        ...carried(sample, CARRIED),
      },
      lost: conversationLosses(sample, { keys: CARRIED, id: true, toolKeys: TOOL_KEYS }),
    };
  },
};

const TAGS_OF: Readonly<Record<Role, RegExp>> = {
  system: /<tools>/,
  user: /<tool_response>/,
  assistant: /<tool_call>/,
  tool: /<tool_response>/,
};

const hasTags = (words: { role: Role; text: string } | undefined): boolean =>
  words !== undefined && TAGS_OF[words.role].test(words.text);

const CALLERS: ReadonlySet<unknown> = new Set(["function_call", "observation", "tool_call", "tool_response"]);

/** Calls that stand outside the text: the tags are then only quoted. */
const hasOwnCalls = (message: unknown): boolean =>
  member(message, "tool_calls") !== undefined ||
  CALLERS.has(member(message, "from")) ||
  CALLERS.has(member(message, "role"));

/** A part of a text that one role says. */
interface Part {
  role: Role;
  text: string;
  /** The message. */
  ref: Ref;
  /** The string that holds the text. */
  textRef: Ref;
  from: number;
  to: number;
}

/** What a message of either form says; only texts, since the tags stand in nothing else. */
function said(message: unknown): { role: Role; text: string; key: string } | undefined {
  const content = textMember(message, "content");
  const role = roleOf(textMember(message, "role") ?? "");
  if (role !== undefined && content !== undefined) return { role, text: content, key: "content" };
  const value = textMember(message, "value");
  const speaker = speakerRole(textMember(message, "from") ?? "");
  return speaker === undefined || value === undefined ? undefined : { role: speaker, text: value, key: "value" };
}

/** A chat as a template renders it: turns between ChatML's marks, or one answer where there are none. */
function rendered(text: string, textRef: Ref, row: JsonObject, root: Ref): Reading {
  const parts: Part[] = [];
  for (const match of text.matchAll(/<\|im_start\|>([a-z]+)\n/g)) {
    const role = roleOf(match[1] ?? "");
    const from = match.index + match[0].length;
    const close = text.indexOf("<|im_", from);
    const to = close === -1 ? text.length : close;
    if (role !== undefined) parts.push({ role, text, ref: textRef.text(match.index, to), textRef, from, to });
  }
  if (parts.length === 0) parts.push({ role: "assistant", text, ref: textRef, textRef, from: 0, to: text.length });
  return sampleOf(parts, row, root);
}

function sampleOf(parts: readonly Part[], row: JsonObject, root: Ref): Reading {
  const own = parts.flatMap(({ role, text, textRef, from, to }) =>
    role === "system" || parts.length === 1 ? toolsInText(text, textRef, from, to) : [],
  );
  const offering: OfferReading =
    own.length > 0
      ? { offer: { kind: "own", tools: own }, unreadable: [] }
      : readOffer(row.tools, root.at("tools"), readLooseTool);
  const turns = parts.flatMap(({ role, text, ref, textRef, from, to }) =>
    hermesTurns(role, text, ref, textRef, from, to),
  );
  return conversation(row, root, { turns, offering, known: READ });
}

function contentOf(role: Role, text: string, calls: readonly Call[]): string {
  if (role === "tool") return `<tool_response>\n${text}\n</tool_response>`;
  return [...(text === "" && calls.length > 0 ? [] : [text]), ...calls.map(taggedCall)].join("\n");
}
