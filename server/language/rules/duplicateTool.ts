import type { Tool } from "../../toolcalls/dialects/model.ts";
import { plain } from "../../toolcalls/display.ts";
import { isEarlier } from "../analysis/order.ts";
import type { Rule } from "./rule.ts";

export const duplicateTool: Rule = {
  id: "duplicate-tool",
  severity: "error",
  title: "Two tools of one name",
  documentation: {
    text: "Where two tools have one name, nobody knows which of them a call means; providers refuse the list, and checks against one schema say nothing about the other. Rename or remove one.",
    bad: '[{"name":"get_time","parameters":{"type":"object","properties":{}}},{"name":"get_time","parameters":{"type":"object","properties":{"zone":{"type":"string"}}}}]',
    good: '[{"name":"get_time","parameters":{"type":"object","properties":{}}},{"name":"get_time_in","parameters":{"type":"object","properties":{"zone":{"type":"string"}}}}]',
  },
  sample({ offer }, _scope, { report, origin }) {
    if (offer.kind === "own") {
      const first = new Map<string, Tool>();
      for (const tool of offer.tools) {
        const twin = first.get(tool.name);
        if (twin === undefined) first.set(tool.name, tool);
        else
          report(tool.nameRef, sentence(tool.name), {
            related: [{ message: "The first one is here.", origin, ref: twin.nameRef }],
          });
      }
    }
    if (offer.kind === "named") {
      const seen = new Set<string>();
      for (const { name, ref } of offer.names) {
        if (seen.has(name)) report(ref, `The tool "${plain(name)}" is offered twice; name it once.`);
        seen.add(name);
      }
    }
  },
  across({ facts }, index, { report, origin }) {
    for (const { kind, key, ref } of facts) {
      if (kind !== "tool") continue;
      for (const { fact, origin: other } of index.of("tool", key)) {
        if (!index.together(other.file, origin.file) || !isEarlier(other, fact.ref, origin, ref)) continue;
        report(ref, sentence(key), { related: [{ message: "The first one is here.", origin: other, ref: fact.ref }] });
        break;
      }
    }
  },
};

const sentence = (name: string): string =>
  `A tool of the name "${plain(name)}" is already defined; rename or remove one of them.`;
