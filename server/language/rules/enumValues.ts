import { reportSchemaFaults } from "../analysis/schemaFaults.ts";
import type { Rule } from "./rule.ts";

export const enumValues: Rule = {
  id: "enum-values",
  severity: "warning",
  title: "Enum that is empty or repeats itself",
  documentation: {
    text: "An empty enum allows nothing. A value that stands twice is refused by some providers and was usually meant to be another.",
    bad: '{"type":"object","properties":{"units":{"type":"string","enum":["celsius","kelvin","celsius"]}}}',
    good: '{"type":"object","properties":{"units":{"type":"string","enum":["celsius","kelvin"]}}}',
  },
  tool(tool, context) {
    reportSchemaFaults(tool, { "enum-duplicate": {}, "enum-empty": { severity: "error" } }, context);
  },
};
