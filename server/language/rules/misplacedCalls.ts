import { Ref } from "../../toolcalls/dialects/ref.ts";
import { plain } from "../../toolcalls/display.ts";
import { rawMessages } from "../analysis/rawMessages.ts";
import type { Rule } from "./rule.ts";

export const misplacedCalls: Rule = {
  id: "misplaced-calls",
  severity: "error",
  title: "Calls where nobody reads them",
  documentation: {
    text: "Only an assistant's message may have `tool_calls`; in any other message trainers and chat templates drop them silently. An empty list of calls is refused by the OpenAI API. Move the calls to an assistant's message, or leave the key out.",
    bad: '{"messages":[{"role":"user","content":"Time?","tool_calls":[{"id":"c1","type":"function","function":{"name":"get_time","arguments":"{}"}}]}],"tools":[]}',
    good: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"get_time","arguments":"{}"}}]}],"tools":[]}',
  },
  record({ value }, _reading, { report }) {
    for (const { message, role, ref } of rawMessages(value, Ref.root)) {
      const calls = message.tool_calls;
      if (!Array.isArray(calls)) continue;
      const place = ref.at("tool_calls");
      if (calls.length === 0)
        report(place, "This list of calls is empty; leave `tool_calls` out.", { severity: "hint" });
      else if (role !== undefined && role !== "assistant" && role !== "model")
        report(place.key, `Calls of the role "${plain(role)}" are dropped; only an assistant's message may call.`);
    }
  },
};
