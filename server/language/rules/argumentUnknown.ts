import { describeArgumentFault } from "../../toolcalls/argumentFaults.ts";
import { nearest } from "../../toolcalls/nearest.ts";
import { foreignNulls } from "./arrowNulls.ts";
import { definitionOf, type Rule } from "./rule.ts";

export const argumentUnknown: Rule = {
  id: "argument-unknown",
  severity: "error",
  title: "Argument that the tool does not have",
  documentation: {
    text: "The tool declares no such parameter: the name is misspelt, belongs to another tool, or is the remains of a value that was split at a comma. A policy that follows the schema in its prompt is punished for it.",
    bad: '{"name":"get_weather","arguments":{"city":"Oslo","untis":"celsius"}}',
    good: '{"name":"get_weather","arguments":{"city":"Oslo","units":"celsius"}}',
  },
  call({ call, tool, faults }, { report }) {
    // Those that are null have another cause, which has a rule of its own.
    const nulls = foreignNulls(faults, call.arguments);
    for (const fault of faults) {
      if (fault.kind !== "unknown" || (fault.path.length === 1 && nulls.includes(fault.name))) continue;
      const data = { name: fault.name, nearest: nearest(fault.name, fault.absent) ?? null };
      const related = tool === undefined ? [] : [definitionOf(tool)];
      report(fault.ref.key, describeArgumentFault(call.name, fault), { related, data });
    }
  },
};
