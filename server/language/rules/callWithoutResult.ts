import { plain } from "../../toolcalls/display.ts";
import { exchangesOf, unansweredCalls } from "../analysis/conversation.ts";
import type { Rule } from "./rule.ts";

export const callWithoutResult: Rule = {
  id: "call-without-result",
  severity: "error",
  title: "Call that no tool answers",
  documentation: {
    text: "The conversation goes on, but no tool message right behind the calls answers this one. OpenAI wants a tool message for each id, Anthropic a `tool_result` in the next message for each `tool_use`; both refuse the conversation otherwise, and a policy learns to speak on without a result. Add the result, or leave the call out. A call at the very end is what is learned and needs no result.",
    bad: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"get_time","arguments":"{}"}}]},{"role":"user","content":"And?"}]}',
    good: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"get_time","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"12:00"},{"role":"user","content":"And?"}]}',
  },
  sample(sample, _scope, { report, dialect }) {
    const what = dialect.id === "anthropic" ? "a `tool_result` in the next message" : "a tool message right behind it";
    for (const exchange of exchangesOf(sample)) {
      for (const { ref, name, id } of unansweredCalls(exchange)) {
        const which = id === undefined ? "" : ` (${plain(id)})`;
        report(ref, `Nothing answers the call of "${plain(name)}"${which}; add ${what}.`);
      }
    }
  },
};
