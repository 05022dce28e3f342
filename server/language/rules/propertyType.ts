import { reportSchemaFaults } from "../analysis/schemaFaults.ts";
import type { Rule } from "./rule.ts";

export const propertyType: Rule = {
  id: "property-type",
  severity: "warning",
  title: "Property without a type",
  documentation: {
    text: "A property whose schema says nothing of its value is refused by some servers, makes others fail when they build a grammar, and leaves a policy to guess. Name its type.",
    bad: '{"type":"object","properties":{"city":{"description":"Where."}}}',
    good: '{"type":"object","properties":{"city":{"type":"string","description":"Where."}}}',
  },
  tool(tool, context) {
    reportSchemaFaults(tool, { "property-without-type": {} }, context);
  },
};
