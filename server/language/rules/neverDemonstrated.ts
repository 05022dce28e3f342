import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

export const neverDemonstrated: Rule = {
  id: "tool-never-demonstrated",
  severity: "information",
  title: "Tool that no demonstration calls",
  documentation: {
    text: "There are demonstrations, but none of them calls this tool. Hard samples that need it get no fitting few-shot demonstration. Add one.",
    bad: "A tool in food.tools.json that no line of the demonstrations file calls.",
    good: "A demonstrations file with at least one call of every tool.",
  },
  across({ facts }, index, { report }) {
    for (const { kind, key, ref } of facts) {
      if (kind !== "tool" || index.has("demonstrated", key) || !index.hasAny("demonstrated")) continue;
      report(ref, `No demonstration calls "${plain(key)}".`, { data: { name: key } });
    }
  },
};
