import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import type { Rule } from "./rule.ts";

export const strictRequired: Rule = {
  id: "strict-required",
  severity: "error",
  profiles: ["openai-strict"],
  title: "Optional property in strict mode",
  documentation: {
    text: "OpenAI's strict mode knows no optional properties: `required` has to name every one. What may be left out is said by a type that allows null.",
    bad: '{"type":"object","properties":{"city":{"type":"string"},"zone":{"type":"string"}},"required":["city"],"additionalProperties":false}',
    good: '{"type":"object","properties":{"city":{"type":"string"},"zone":{"type":["string","null"]}},"required":["city","zone"],"additionalProperties":false}',
  },
  schema({ schema, ref }, { report }) {
    const { properties, required } = schema;
    if (!isJsonObject(properties)) return;
    const named = new Set<unknown>(Array.isArray(required) ? required : []);
    for (const name of Object.keys(properties)) {
      if (named.has(name)) continue;
      report(
        ref("properties", name).key,
        `Strict mode wants "${plain(name)}" in \`required\`; let its type allow null if it may be left out.`,
        { data: { name } },
      );
    }
  },
};
