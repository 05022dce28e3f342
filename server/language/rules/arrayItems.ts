import { typesNamed } from "../../toolcalls/dialects/typeNames.ts";
import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

/** Keywords that say what the items are, or leave it to another schema. */
const SAYING = ["items", "prefixItems", "contains", "enum", "$ref", "allOf", "anyOf", "oneOf"];

export const arrayItems: Rule = {
  id: "array-items",
  severity: "warning",
  title: "Array without items",
  documentation: {
    text: "An array whose `items` are not described is refused by OpenAI and Gemini, and a policy has to guess what to put into it. Say what the items are.",
    bad: '{"type":"object","properties":{"tags":{"type":"array"}}}',
    good: '{"type":"object","properties":{"tags":{"type":"array","items":{"type":"string"}}}}',
  },
  schema({ schema, ref, name }, { report }) {
    if (SAYING.some((keyword) => schema[keyword] !== undefined)) return;
    if (!typesNamed(schema.type).includes("array")) return;
    report(ref("type"), `The array "${plain(name)}" does not say what its items are; add \`items\`.`);
  },
};
