import { items, member } from "../../toolcalls/dialects/read.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { type RawMessage, rawMessages } from "../analysis/rawMessages.ts";
import type { Rule, RuleContext } from "./rule.ts";

/** Other members in which an assistant says something. */
const SAID = ["reasoning_content", "refusal", "audio", "thinking"];

export const emptyContent: Rule = {
  id: "empty-content",
  severity: "warning",
  title: "Message without words where the format minds",
  documentation: {
    text: "Beside calls, formats differ on an absent text: Mistral refuses an empty one, Anthropic refuses an empty text block, and some chat templates print null as None or fail where `content` is absent. A message with neither text nor calls says nothing anywhere, and a policy learns to end its answer at once.",
    bad: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":null}],"tools":[]}',
    good: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"Noon."}],"tools":[]}',
  },
  record({ value }, _reading, { report, dialect }) {
    const check = CHECKS[dialect.id];
    if (check === undefined) return;
    for (const message of rawMessages(value, Ref.root)) if (message.role === "assistant") check(message, report);
  },
};

type Report = RuleContext["report"];

const hasCalls = (message: RawMessage["message"]): boolean =>
  (Array.isArray(message.tool_calls) && message.tool_calls.length > 0) || isJsonObject(message.function_call);

function ofOpenai({ message, ref }: RawMessage, report: Report): void {
  const { content } = message;
  const place = Object.hasOwn(message, "content") ? ref.at("content") : ref;
  if (!hasCalls(message)) {
    if (isEmpty(content) && SAID.every((key) => isEmpty(message[key])))
      report(place, "This message has neither text nor calls; write one of them, or leave the message out.");
  } else if (content === null || content === undefined) {
    const what =
      content === null ? "null, which some chat templates print as None" : "absent, at which some chat templates fail";
    report(place, `The content beside these calls is ${what}; write an empty text.`, { severity: "hint" });
  }
}

function ofMistral(raw: RawMessage, report: Report): void {
  const { message, ref } = raw;
  if (!hasCalls(message)) ofOpenai(raw, report);
  else if (message.content === "")
    report(ref.at("content"), "Mistral refuses an empty text beside calls; leave `content` out.");
}

function ofAnthropic({ message, ref }: RawMessage, report: Report): void {
  const { content } = message;
  if (isEmpty(content) || (Array.isArray(content) && content.length === 0))
    report(ref, "This message has no content, which only the last one may; write a text or a block.");
  for (const { item, ref: block } of items(content, ref.at("content"))) {
    if (member(item, "type") === "text" && member(item, "text") === "")
      report(block, "Anthropic refuses an empty text block; leave it out.", { severity: "error" });
  }
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === "";

const CHECKS: Readonly<Record<string, (message: RawMessage, report: Report) => void>> = {
  anthropic: ofAnthropic,
  mistral: ofMistral,
  openai: ofOpenai,
};
