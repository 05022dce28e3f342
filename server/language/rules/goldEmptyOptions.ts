import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

export const goldEmptyOptions: Rule = {
  id: "gold-empty-options",
  severity: "error",
  title: "Gold that no answer satisfies",
  documentation: {
    text: "The list of allowed values is empty, so no value is right and every completion gets no reward, however good. Write the values, or leave the parameter out.",
    bad: '{"id":"a_0","ground_truth":[{"get_weather":{"city":[]}}]}',
    good: '{"id":"a_0","ground_truth":[{"get_weather":{"city":["Oslo"]}}]}',
  },
  call({ call }, { report }) {
    if (call.alternatives !== true) return;
    for (const [name, options] of Object.entries(call.arguments)) {
      if (!Array.isArray(options) || options.length > 0) continue;
      report(
        call.argumentsRef.at(name),
        `No value of "${plain(name)}" is allowed, so nothing can satisfy this gold; write the right values.`,
      );
    }
  },
};
