import { plain } from "../../toolcalls/display.ts";
import { OMITTABLE } from "../analysis/alternatives.ts";
import type { Rule } from "./rule.ts";

export const goldOnlyOmitted: Rule = {
  id: "gold-only-omitted",
  severity: "warning",
  title: "Only the empty text is allowed",
  documentation: {
    text: 'The text "" in a list of allowed values says that the argument may be left out. Alone it is ambiguous: is the argument forbidden, or must it be the empty text? Checkers differ. Leave the parameter out, or add the values that are right.',
    bad: '{"id":"a_0","ground_truth":[{"get_pods":{"selector":[""]}}]}',
    good: '{"id":"a_0","ground_truth":[{"get_pods":{"selector":["app=web",""]}}]}',
  },
  call({ call }, { report }) {
    if (call.alternatives !== true) return;
    for (const [name, options] of Object.entries(call.arguments)) {
      if (!Array.isArray(options) || options.length !== 1 || options[0] !== OMITTABLE) continue;
      report(
        call.argumentsRef.at(name),
        `Only the empty text is allowed for "${plain(name)}"; leave it out, or add the right values.`,
      );
    }
  },
};
