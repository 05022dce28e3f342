import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

/** Fields of the API's Schema message. */
const KNOWN: ReadonlySet<string> = new Set([
  ...[
    "anyOf",
    "default",
    "description",
    "enum",
    "example",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
  ],
  ...["maximum", "minItems", "minLength", "minProperties", "minimum", "nullable", "pattern", "properties"],
  ...["propertyOrdering", "required", "title", "type"],
]);

export const geminiKeyword: Rule = {
  id: "gemini-keyword",
  severity: "error",
  profiles: ["gemini"],
  title: "Keyword that Gemini does not know",
  documentation: {
    text: "The parameters of Gemini's function declarations are a subset of OpenAPI's schema. Other keywords, such as $ref, oneOf, const and additionalProperties, and lists of types have the request refused. Write anyOf and nullable instead, and leave the rest out.",
    bad: '{"type":"object","properties":{"zone":{"type":["string","null"]}},"additionalProperties":false}',
    good: '{"type":"object","properties":{"zone":{"type":"string","nullable":true}}}',
  },
  schema({ schema, ref, name }, { report }) {
    const where = name === "" ? "The parameters have" : `"${plain(name)}" has`;
    for (const keyword of Object.keys(schema)) {
      if (!KNOWN.has(keyword)) report(ref(keyword).key, `${where} \`${plain(keyword)}\`, which Gemini does not know.`);
    }
    if (Array.isArray(schema.type))
      report(
        ref("type"),
        `${where} a list of types, but Gemini takes one; write \`nullable\` for null, \`anyOf\` for others.`,
      );
  },
};
