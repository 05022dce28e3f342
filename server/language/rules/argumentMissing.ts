import { describeArgumentFault } from "../../toolcalls/argumentFaults.ts";
import { definitionOf, type Rule } from "./rule.ts";

export const argumentMissing: Rule = {
  id: "argument-missing",
  severity: "error",
  title: "Required argument is missing",
  documentation: {
    text: "The tool's schema requires this argument, so the real tool would refuse the call, and a policy that learns it learns to be refused. Add the argument, or take it out of `required`.",
    bad: '{"name":"get_weather","arguments":{}}',
    good: '{"name":"get_weather","arguments":{"city":"Oslo"}}',
  },
  call({ call, tool, faults }, { report }) {
    for (const fault of faults) {
      if (fault.kind !== "missing") continue;
      report(fault.ref, describeArgumentFault(call.name, fault), {
        related: tool === undefined ? [] : [definitionOf(tool)],
        data: { name: fault.name },
      });
    }
  },
};
