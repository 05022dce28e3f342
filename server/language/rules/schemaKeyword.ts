import { reportSchemaFaults } from "../analysis/schemaFaults.ts";
import type { Rule } from "./rule.ts";

export const schemaKeyword: Rule = {
  id: "schema-keyword",
  severity: "warning",
  title: "Keyword that is misspelt",
  documentation: {
    text: "JSON Schema ignores keywords that it does not know, so a misspelt one does nothing, without a word.",
    bad: '{"type":"object","properties":{"city":{"type":"string","minLenght":1}}}',
    good: '{"type":"object","properties":{"city":{"type":"string","minLength":1}}}',
  },
  tool(tool, context) {
    reportSchemaFaults(tool, { "misspelt-keyword": {} }, context);
  },
};
