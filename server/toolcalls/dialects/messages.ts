/** Conversations as lists of messages with role, content and tool_calls (OpenAI chat, and all who write like it). */
import { isJsonObject } from "../json.ts";
import type { ArgumentsForm, Call, Role, Sample, Turn } from "./model.ts";
import { items, member, readCall, textMember } from "./read.ts";
import { Ref } from "./ref.ts";
import { argumentsOf } from "./writing.ts";

const ROLES: Readonly<Record<string, Role>> = {
  assistant: "assistant",
  developer: "system",
  function: "tool",
  model: "assistant",
  system: "system",
  tool: "tool",
  user: "user",
};

export const roleOf = (name: string): Role | undefined => (Object.hasOwn(ROLES, name) ? ROLES[name] : undefined);

export function readMessages(value: unknown, ref: Ref, wanted: readonly ArgumentsForm[]): Turn[] {
  return items(value, ref).flatMap(({ item, ref: place }) => readMessage(item, place, wanted) ?? []);
}

function readMessage(value: unknown, ref: Ref, wanted: readonly ArgumentsForm[]): Turn | undefined {
  const role = roleOf(textMember(value, "role") ?? "");
  if (role === undefined || !isJsonObject(value)) return undefined;
  const calls = items(value.tool_calls, ref.at("tool_calls")).map(({ item, ref: place }) =>
    readToolCall(item, place, wanted),
  );
  if (isJsonObject(value.function_call)) calls.push(readCall(value.function_call, ref.at("function_call"), { wanted }));
  const callId = textMember(value, "tool_call_id");
  const name = textMember(value, "name");
  return {
    role,
    text: contentText(value.content),
    calls,
    ...(callId === undefined ? {} : { callId }),
    ...(name === undefined ? {} : { name }),
    ref,
  };
}

/** Also a call without the `function` around it, which many files have. */
function readToolCall(value: unknown, ref: Ref, wanted: readonly ArgumentsForm[]): Call {
  const wrapped = member(value, "function");
  const call = isJsonObject(wrapped)
    ? readCall(wrapped, ref.at("function"), { wanted })
    : readCall(value, ref, { wanted });
  const id = textMember(value, "id");
  return { ...call, ref, ...(id === undefined ? {} : { id }) };
}

/** Text of a content that is a string or a list of parts. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  return items(content, Ref.root)
    .map(({ item }) => textMember(item, "text") ?? "")
    .join("");
}

/** The first question of a conversation, and where it stands. */
export function firstQuestion(
  turns: readonly Turn[],
  ref: Ref,
  textKey = "content",
): Pick<Sample, "query" | "queryRef"> {
  const question = turns.find(({ role }) => role === "user");
  return { query: question?.text ?? "", queryRef: question?.ref.at(textKey) ?? ref };
}

export const writeToolCall = (call: Call): unknown => ({
  ...(call.id === undefined ? {} : { id: call.id }),
  type: "function",
  function: { name: call.name, arguments: JSON.stringify(argumentsOf(call)) },
});

/** @param emptyText whether a text beside calls is written where it is empty, which some demand and others refuse */
export function writeMessage({ role, text, calls, callId, name }: Turn, emptyText: boolean): unknown {
  return {
    role,
    ...(text === "" && calls.length > 0 && !emptyText ? {} : { content: text }),
    ...(calls.length > 0 ? { tool_calls: calls.map(writeToolCall) } : {}),
    ...(callId === undefined ? {} : { tool_call_id: callId }),
    ...(name === undefined ? {} : { name }),
  };
}
