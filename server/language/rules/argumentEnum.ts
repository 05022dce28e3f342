import { describeArgumentFault } from "../../toolcalls/argumentFaults.ts";
import { nearest } from "../../toolcalls/nearest.ts";
import { definitionOf, type Rule } from "./rule.ts";

export const argumentEnum: Rule = {
  id: "argument-enum",
  severity: "error",
  title: "Argument is none of the allowed values",
  documentation: {
    text: "The schema lists the values that this parameter takes, and this is none of them; upper and lower case count. The real tool would refuse the call.",
    bad: '{"name":"get_weather","arguments":{"city":"Oslo","units":"Celsius"}}',
    good: '{"name":"get_weather","arguments":{"city":"Oslo","units":"celsius"}}',
  },
  call({ call, tool, faults }, { report }) {
    for (const fault of faults) {
      if (fault.kind !== "enum") continue;
      const texts = fault.allowed.filter((value) => typeof value === "string");
      const meant = typeof fault.value === "string" ? nearest(fault.value, texts) : undefined;
      report(fault.ref, describeArgumentFault(call.name, fault), {
        related: tool === undefined ? [] : [definitionOf(tool)],
        data: { nearest: meant ?? null },
      });
    }
  },
};
