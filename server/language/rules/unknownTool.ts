import { plain } from "../../toolcalls/display.ts";
import { endWithHint, nearest } from "../../toolcalls/nearest.ts";
import type { Rule } from "./rule.ts";

export const unknownTool: Rule = {
  id: "unknown-tool",
  severity: "error",
  title: "Call of a tool that is not offered",
  documentation: {
    text: "A gold call of a tool that the prompt does not offer can never be learned or rewarded: the policy does not see the tool. The name is misspelt, the tool was left out of the record, or a parser has split one call into several.",
    bad: '{"id":"a","query":"Weather in Oslo?","tools":["get_weather"],"answer":[{"name":"getWeather","arguments":{"city":"Oslo"}}]}',
    good: '{"id":"a","query":"Weather in Oslo?","tools":["get_weather"],"answer":[{"name":"get_weather","arguments":{"city":"Oslo"}}]}',
  },
  call({ call, scope, tool }, { report }) {
    if (!scope.known || tool !== undefined || call.form === "not-json") return;
    if (call.name === "") {
      report(call.ref, "This call names no tool; say which one under `name`.");
      return;
    }
    const names = scope.names();
    const hint = endWithHint(call.name, names);
    const data = { name: call.name, nearest: nearest(call.name, names) ?? null };
    report(call.nameRef, `The tool "${plain(call.name)}" is not among those offered here${hint}`, { data });
  },
};
