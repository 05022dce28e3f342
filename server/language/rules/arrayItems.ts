import { namedType } from "../../toolcalls/dialects/typeNames.ts";
import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

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
    const { type } = schema;
    if (typeof type !== "string" || schema.items !== undefined || schema.prefixItems !== undefined) return;
    if (schema.$ref !== undefined || schema.contains !== undefined || schema.enum !== undefined) return;
    const meant = type === "array" ? schema : namedType(type)?.schema;
    if (meant?.type !== "array") return;
    report(ref("type"), `The array "${plain(name)}" does not say what its items are; add \`items\`.`);
  },
};
