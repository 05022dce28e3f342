import { reportSchemaFaults } from "../analysis/schemaFaults.ts";
import type { Rule } from "./rule.ts";

export const schemaBounds: Rule = {
  id: "schema-bounds",
  severity: "error",
  title: "Bounds that exclude each other",
  documentation: {
    text: "The lower bound is above the upper one, so that no value is allowed and no call can be right.",
    bad: '{"type":"object","properties":{"page":{"type":"integer","minimum":10,"maximum":1}}}',
    good: '{"type":"object","properties":{"page":{"type":"integer","minimum":1,"maximum":10}}}',
  },
  tool(tool, context) {
    reportSchemaFaults(tool, { "bounds-contradict": {} }, context);
  },
};
