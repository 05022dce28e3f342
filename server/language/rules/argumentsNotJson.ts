import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

export const argumentsNotJson: Rule = {
  id: "arguments-not-json",
  severity: "error",
  title: "Arguments are not JSON",
  documentation: {
    text: "The text that should hold a call cannot be parsed: it is cut off, has a raw line break, or is Python. Chat templates and rewards that parse it fail, or treat the call as plain text.",
    bad: '{"name":"get_weather","arguments":"{\\"city\\": \\"Oslo\\""}',
    good: '{"name":"get_weather","arguments":"{\\"city\\": \\"Oslo\\"}"}',
  },
  call({ call }, { report }) {
    if (call.form !== "not-json" || call.fault === undefined) return;
    const of = call.name === "" ? "This call is" : `The arguments of "${plain(call.name)}" are`;
    report(call.fault.ref, `${of} not JSON. ${call.fault.sentence}`);
  },
};
