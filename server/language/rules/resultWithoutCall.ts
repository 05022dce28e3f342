import { plain } from "../../toolcalls/display.ts";
import { endWithHint } from "../../toolcalls/nearest.ts";
import { type StrayResult, strayResults } from "../analysis/conversation.ts";
import type { Rule } from "./rule.ts";

export const resultWithoutCall: Rule = {
  id: "result-without-call",
  severity: "error",
  title: "Result of no call",
  documentation: {
    text: "A tool's message has to stand right behind the assistant's calls and name one of their ids. Providers refuse others, and a chat template shows the policy a result that it never asked for. Often the calls were lost when the file was made.",
    bad: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"I look it up."},{"role":"tool","tool_call_id":"c1","content":"12:00"}]}',
    good: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"get_time","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"12:00"}]}',
  },
  sample(sample, _scope, { report }) {
    for (const stray of strayResults(sample)) report(stray.turn.ref, sentence(stray));
  },
};

function sentence(stray: StrayResult): string {
  const id = stray.turn.callId ?? "";
  switch (stray.kind) {
    case "no-call":
      return "This result follows no call; add the assistant's call before it, or leave the result out.";
    case "other-id":
      return `No call before this result has the id "${plain(id)}"${endWithHint(id, stray.ids)}`;
    case "again":
      return `The call "${plain(id)}" has its result already; leave one of them out.`;
  }
}
