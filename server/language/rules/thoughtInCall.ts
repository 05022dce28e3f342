import { items, member, textMember } from "../../toolcalls/dialects/read.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import type { Rule } from "./rule.ts";

const CALLERS: ReadonlySet<unknown> = new Set(["function_call", "tool_call"]);

export const thoughtInCall: Rule = {
  id: "thought-in-call",
  severity: "warning",
  title: "Thought inside a function_call value",
  documentation: {
    text: "The value of a `function_call` turn is JSON. With <think> before it, trainers that decode the value fail on the row, or learn the whole value as text. Only trainers for reasoning models take the thought off first; check that yours does.",
    bad: '{"conversations":[{"from":"human","value":"Time?"},{"from":"function_call","value":"<think>A call.</think>{\\"name\\":\\"get_time\\",\\"arguments\\":{}}"}],"tools":"[]"}',
    good: '{"conversations":[{"from":"human","value":"Time?"},{"from":"function_call","value":"{\\"name\\":\\"get_time\\",\\"arguments\\":{}}"}],"tools":"[]"}',
  },
  record({ value }, _reading, { report }) {
    for (const { item, ref } of items(member(value, "conversations"), Ref.root.at("conversations"))) {
      if (!CALLERS.has(member(item, "from"))) continue;
      const text = textMember(item, "value") ?? "";
      const start = text.indexOf("<think>");
      if (start === -1 || text.slice(0, start).trim() !== "") continue;
      const place = ref.at("value").text(start, start + "<think>".length);
      report(place, "A thought stands before this call; most trainers want JSON alone here.");
    }
  },
};
