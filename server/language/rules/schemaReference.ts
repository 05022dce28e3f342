import { reportSchemaFaults } from "../analysis/schemaFaults.ts";
import type { Rule } from "./rule.ts";

export const schemaReference: Rule = {
  id: "schema-reference",
  severity: "error",
  title: "Reference that leads nowhere",
  documentation: {
    text: "A `$ref` names a place that the schema does not have, or leads back to itself. A reference to another document is never fetched, here or by providers. Write the schema out, or put it under `$defs` of the same parameters.",
    bad: '{"type":"object","properties":{"city":{"$ref":"#/$defs/city"}},"$defs":{}}',
    good: '{"type":"object","properties":{"city":{"$ref":"#/$defs/city"}},"$defs":{"city":{"type":"string"}}}',
  },
  tool(tool, context) {
    reportSchemaFaults(
      tool,
      { "reference-unresolved": {}, "reference-loop": {}, "reference-remote": { severity: "warning" } },
      context,
    );
  },
};
