import { plain } from "../../toolcalls/display.ts";
import { OMITTABLE } from "../analysis/alternatives.ts";
import { definitionOf, type Rule } from "./rule.ts";

export const goldOmittedRequired: Rule = {
  id: "gold-omitted-required",
  severity: "error",
  title: "Required argument that may be left out",
  documentation: {
    text: 'The gold allows this argument to be left out ("" is among the allowed values), but the tool requires it: a call that the gold rewards is one that the tool refuses.',
    bad: '{"id":"a_0","ground_truth":[{"get_weather":{"city":["Oslo",""]}}]}',
    good: '{"id":"a_0","ground_truth":[{"get_weather":{"city":["Oslo"]}}]}',
  },
  call({ call, tool }, { report }) {
    if (call.alternatives !== true || tool === undefined) return;
    for (const name of tool.schema.required) {
      const options = Object.hasOwn(call.arguments, name) ? call.arguments[name] : undefined;
      if (!Array.isArray(options) || options.length < 2 || !options.includes(OMITTABLE)) continue;
      const ref = call.argumentsRef.at(name, options.indexOf(OMITTABLE));
      report(ref, `"${plain(name)}" may be left out here, but "${plain(call.name)}" requires it.`, {
        related: [definitionOf(tool)],
      });
    }
  },
};
