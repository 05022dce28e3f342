import { reportSchemaFaults } from "../analysis/schemaFaults.ts";
import type { Rule } from "./rule.ts";

export const schemaPattern: Rule = {
  id: "schema-pattern",
  severity: "error",
  title: "Pattern that is no regular expression",
  documentation: {
    text: "The `pattern` cannot be read as a regular expression, or uses what a linear engine cannot match (look-around, back-references), so it constrains nothing here. Correct it, or say the same in simpler terms.",
    bad: '{"type":"object","properties":{"code":{"type":"string","pattern":"[A-Z"}}}',
    good: '{"type":"object","properties":{"code":{"type":"string","pattern":"^[A-Z]+$"}}}',
  },
  tool(tool, context) {
    reportSchemaFaults(tool, { "pattern-syntax": {}, "pattern-unsupported": { severity: "information" } }, context);
  },
};
