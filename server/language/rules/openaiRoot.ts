import { plain } from "../../toolcalls/display.ts";
import { rootFaults } from "../analysis/rootSchema.ts";
import type { Rule } from "./rule.ts";

export const openaiRoot: Rule = {
  id: "openai-root",
  severity: "error",
  profiles: ["openai", "openai-strict"],
  title: "Parameters that OpenAI refuses at the root",
  documentation: {
    text: "OpenAI wants the parameters to be a schema of the type object, without oneOf, anyOf, allOf, enum or not at the root. Move the alternatives into a property, or write one tool for each.",
    bad: '{"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"}},"anyOf":[{"required":["id"]},{"required":["name"]}]}',
    good: '{"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"}},"required":["id"]}',
  },
  tool(tool, { report }) {
    for (const { ref, what } of rootFaults(tool, ["oneOf", "anyOf", "allOf", "enum", "not"]))
      report(ref, `The parameters of "${plain(tool.name)}" ${what}; OpenAI takes a plain object there.`);
  },
};
