import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

export const argumentsNotObject: Rule = {
  id: "arguments-not-object",
  severity: "error",
  title: "Arguments are no object",
  documentation: {
    text: "The arguments of a call are an object with a member for each argument, and the empty object where there are none. A list, null, a number or an empty text is refused or silently dropped by chat templates.",
    bad: '{"name":"get_time","arguments":null}',
    good: '{"name":"get_time","arguments":{}}',
  },
  call({ call }, { report }) {
    if (call.wanted.length === 0) return;
    const name = plain(call.name);
    if (call.form === "not-object")
      report(call.argumentsRef, `The arguments of "${name}" must be an object; write {} where there are none.`);
    if (call.form === "absent" && call.name !== "")
      report(call.ref, `The call of "${name}" has no arguments; write {} where there are none.`);
  },
};
