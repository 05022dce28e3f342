import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

export const optionalKeyword: Rule = {
  id: "schema-optional-keyword",
  severity: "warning",
  title: "`optional` is no keyword of JSON Schema",
  documentation: {
    text: "JSON Schema knows no `optional`: a property is optional unless `required` names it. Validators ignore the keyword, so what it says may be false. Leave it out.",
    bad: '{"type":"object","properties":{"page":{"type":"integer","optional":true}}}',
    good: '{"type":"object","properties":{"page":{"type":"integer"}}}',
  },
  schema({ schema, ref, name }, { report }) {
    if (schema.optional === undefined) return;
    report(
      ref("optional").key,
      `"${plain(name)}" says \`optional\`, which JSON Schema does not know; \`required\` decides.`,
    );
  },
};
