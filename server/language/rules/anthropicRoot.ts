import { plain } from "../../toolcalls/display.ts";
import { rootFaults } from "../analysis/rootSchema.ts";
import type { Rule } from "./rule.ts";

export const anthropicRoot: Rule = {
  id: "anthropic-root",
  severity: "error",
  profiles: ["anthropic"],
  title: "Parameters that Anthropic refuses at the root",
  documentation: {
    text: "Anthropic wants `input_schema` to be of the type object, without oneOf, anyOf or allOf at the root; inside properties they are fine. One such tool has every request with it refused. Move the alternatives into a property, or say in the description what is needed.",
    bad: '{"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"}},"oneOf":[{"required":["id"]},{"required":["name"]}]}',
    good: '{"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"}}}',
  },
  tool(tool, { report }) {
    for (const { ref, what } of rootFaults(tool, ["oneOf", "anyOf", "allOf"]))
      report(ref, `The parameters of "${plain(tool.name)}" ${what}; Anthropic takes a plain object there.`);
  },
};
