import { describeArgumentFault } from "../../toolcalls/argumentFaults.ts";
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
      report(fault.ref, describeArgumentFault(call.name, fault), {
        related: tool === undefined ? [] : [definitionOf(tool)],
        data: { keyword: fault.keyword },
      });
    }
  },
};
