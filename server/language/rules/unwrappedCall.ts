import type { Turn } from "../../toolcalls/dialects/model.ts";
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject, parseExactJson } from "../../toolcalls/json.ts";
import type { Rule } from "./rule.ts";

/** A call is short; a document that an assistant writes is not parsed for it. */
const LONGEST = 20_000;

export const unwrappedCall: Rule = {
  id: "unwrapped-call",
  severity: "warning",
  title: "Call written as plain text",
  documentation: {
    text: "The assistant's text is the JSON of a call, without the tags or the key that make it one. Some servers take it for a call and others show it to the user; the policy learns whatever the file says. Write it as a call of the format, or as words.",
    bad: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"{\\"name\\": \\"get_time\\", \\"arguments\\": {}}"}],"tools":[]}',
    good: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"get_time","arguments":"{}"}}]}],"tools":[]}',
  },
  sample({ turns }, scope, { report }) {
    for (const turn of turns) {
      const name = calledIn(turn);
      if (name === undefined || (scope.known && scope.names().length > 0 && scope.find(name) === undefined)) continue;
      report(
        turn.ref,
        `This text is a call of "${plain(name)}" that nothing marks as one; write it as the format does.`,
      );
    }
  },
};

function calledIn({ role, text, calls }: Turn): string | undefined {
  if (role !== "assistant" || calls.length > 0 || text.length > LONGEST) return undefined;
  const trimmed = text.trim();
  if (!/^\[?\s*\{/.test(trimmed)) return undefined;
  try {
    const value = parseExactJson(trimmed);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (!isJsonObject(first) || typeof first.name !== "string") return undefined;
    return isJsonObject(first.arguments ?? first.parameters) ? first.name : undefined;
  } catch {
    return undefined;
  }
}
