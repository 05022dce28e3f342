import { plain, showValue } from "../../toolcalls/display.ts";
import { definitionOf, type Rule } from "./rule.ts";

export const argumentConstraint: Rule = {
  id: "argument-constraint",
  severity: "error",
  title: "Argument outside what the schema allows",
  documentation: {
    text: "The value has the right type but breaks another keyword of the parameter's schema, such as minimum, pattern, minItems or anyOf. The real tool would refuse the call.",
    bad: '{"name":"set_timer","arguments":{"minutes":-5}}',
    good: '{"name":"set_timer","arguments":{"minutes":5}}',
  },
  call({ call, tool, faults }, { report }) {
    for (const fault of faults) {
      if (fault.kind !== "constraint") continue;
      const subject = fault.path.length === 0 ? "The arguments" : `The argument "${plain(fault.path.join("."))}"`;
      const message = `${subject} of "${plain(call.name)}" ${fault.path.length === 0 ? "do" : "does"} not follow the tool's schema: ${showValue(fault.value)} ${plain(fault.message, 200)}.`;
      report(fault.ref, message, {
        related: tool === undefined ? [] : [definitionOf(tool)],
        data: { keyword: fault.keyword },
      });
    }
  },
};
