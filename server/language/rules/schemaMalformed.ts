import { reportSchemaFaults } from "../analysis/schemaFaults.ts";
import type { Rule } from "./rule.ts";

export const schemaMalformed: Rule = {
  id: "schema-malformed",
  severity: "error",
  title: "Keyword of a schema with a wrong value",
  documentation: {
    text: "A keyword has a value that JSON Schema does not allow for it: `required` is true instead of a list of names, `properties` is a list, a schema is a text. Providers that check the draft refuse the tool, others skip the keyword, and nothing constrains the calls.",
    bad: '{"type":"object","properties":{"city":{"type":"string","required":true}}}',
    good: '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}',
  },
  tool(tool, context) {
    reportSchemaFaults(
      tool,
      {
        "malformed-keyword": {},
        "not-a-schema": {},
        "required-boolean": {},
        "required-inside-properties": {},
        "too-deep": {},
      },
      context,
    );
  },
};
