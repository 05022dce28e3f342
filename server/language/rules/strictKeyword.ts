import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

const REFUSED = [
  "allOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
  "dependentRequired",
  "dependentSchemas",
  "patternProperties",
];

export const strictKeyword: Rule = {
  id: "strict-keyword",
  severity: "error",
  profiles: ["openai-strict"],
  title: "Keyword that strict mode refuses",
  documentation: {
    text: "OpenAI's strict mode builds a grammar from the schema and refuses keywords that it cannot: allOf, oneOf, not, if, then, else, dependentRequired, dependentSchemas, patternProperties. Write anyOf for oneOf, and say the rest in the description.",
    bad: '{"type":"object","properties":{"when":{"oneOf":[{"type":"string"},{"type":"null"}]}},"required":["when"],"additionalProperties":false}',
    good: '{"type":"object","properties":{"when":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["when"],"additionalProperties":false}',
  },
  schema({ schema, ref, name }, { report }) {
    for (const keyword of REFUSED) {
      if (schema[keyword] === undefined) continue;
      const where = name === "" ? "the parameters" : `"${plain(name)}"`;
      report(ref(keyword).key, `Strict mode refuses \`${keyword}\`, which ${where} ${name === "" ? "have" : "has"}.`);
    }
  },
};
