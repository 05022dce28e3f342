import { reportSchemaFaults } from "../analysis/schemaFaults.ts";
import type { Rule } from "./rule.ts";

export const schemaDraft: Rule = {
  id: "schema-draft",
  severity: "warning",
  title: "Unknown draft of JSON Schema",
  documentation: {
    text: "`$schema` names a draft that is not known. The schema is read as draft 2020-12, as providers do, and may mean something else than its author wanted.",
    bad: '{"$schema":"https://example.org/my-schema","type":"object","properties":{"city":{"type":"string"}}}',
    good: '{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"city":{"type":"string"}}}',
  },
  tool(tool, context) {
    reportSchemaFaults(tool, { "unknown-draft": {} }, context);
  },
};
