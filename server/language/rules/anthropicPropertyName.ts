import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import type { Rule } from "./rule.ts";

const NAME = /^[a-zA-Z0-9_.-]{1,64}$/;

export const anthropicPropertyName: Rule = {
  id: "anthropic-property-name",
  severity: "error",
  profiles: ["anthropic"],
  title: "Property name that Anthropic refuses",
  documentation: {
    text: "Anthropic takes property names of 1 to 64 letters, digits, underscores, dots and hyphens, and refuses the whole request otherwise. Rename the property.",
    bad: '{"type":"object","properties":{"city name":{"type":"string"}}}',
    good: '{"type":"object","properties":{"city_name":{"type":"string"}}}',
  },
  schema({ schema, ref }, { report }) {
    if (!isJsonObject(schema.properties)) return;
    for (const name of Object.keys(schema.properties)) {
      if (NAME.test(name)) continue;
      report(
        ref("properties", name).key,
        `Anthropic refuses the property name "${plain(name)}"; use 1 to 64 letters, digits, underscores, dots and hyphens.`,
      );
    }
  },
};
