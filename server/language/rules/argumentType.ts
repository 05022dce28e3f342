import { describeArgumentFault } from "../../toolcalls/argumentFaults.ts";
import { definitionOf, type Rule } from "./rule.ts";

export const argumentType: Rule = {
  id: "argument-type",
  severity: "error",
  title: "Argument of another type than the tool declares",
  documentation: {
    text: 'Rewards compare exactly: a policy that answers 3 gets nothing where the gold says "3". Numbers and booleans written as text are the most frequent fault in published tool-calling data. Write the value in the type that the tool declares.',
    bad: '{"name":"set_timer","arguments":{"minutes":"10"}}',
    good: '{"name":"set_timer","arguments":{"minutes":10}}',
  },
  call({ call, tool, faults }, { report }) {
    for (const fault of faults) {
      if (fault.kind !== "type") continue;
      report(fault.ref, describeArgumentFault(call.name, fault), {
        related: tool === undefined ? [] : [definitionOf(tool)],
        data: { expected: fault.expected },
      });
    }
  },
};
