import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

const ID = /^[a-zA-Z0-9]{9}$/;

export const mistralCallId: Rule = {
  id: "mistral-call-id",
  severity: "error",
  title: "Id that Mistral refuses",
  documentation: {
    text: "Mistral's API and tokenizer take only ids of nine letters and digits, the same at the call and at its result. Asked for in files of Mistral's format, and everywhere with the profile `mistral`.",
    bad: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_time","arguments":"{}"}}]}],"available_tools":[]}',
    good: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","tool_calls":[{"id":"a1B2c3D4e","type":"function","function":{"name":"get_time","arguments":"{}"}}]}],"available_tools":[]}',
  },
  sample({ turns }, _scope, { report, dialect, profiles }) {
    if (dialect.id !== "mistral" && !profiles.has("mistral")) return;
    for (const { role, calls, callId, ref } of turns) {
      for (const call of calls)
        if (!ID.test(call.id ?? "")) report(call.id === undefined ? call.ref : call.ref.at("id"), sentence(call.id));
      if (role === "tool" && !ID.test(callId ?? ""))
        report(callId === undefined ? ref : ref.at("tool_call_id"), sentence(callId));
    }
  },
};

const sentence = (id: string | undefined): string =>
  `${id === undefined ? "An id is missing" : `Mistral refuses the id "${plain(id)}"`}; write nine letters and digits, the same at the call and its result.`;
