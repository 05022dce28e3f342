import { plain, showValue } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

export const geminiEnum: Rule = {
  id: "gemini-enum",
  severity: "error",
  profiles: ["gemini"],
  title: "Enum of values that are no texts",
  documentation: {
    text: "Gemini takes enums of texts only: a number or a boolean in an enum has the request refused. Write the values as texts, or bounds for numbers.",
    bad: '{"type":"object","properties":{"stars":{"type":"integer","enum":[1,2,3]}}}',
    good: '{"type":"object","properties":{"stars":{"type":"integer","minimum":1,"maximum":3}}}',
  },
  schema({ schema, ref, name }, { report }) {
    if (!Array.isArray(schema.enum)) return;
    const wrong = schema.enum.findIndex((value: unknown) => typeof value !== "string");
    if (wrong !== -1)
      report(
        ref("enum", wrong),
        `The enum of "${plain(name)}" has ${showValue(schema.enum[wrong])}, but Gemini takes only texts in an enum.`,
      );
    else if (schema.type !== undefined && schema.type !== "string")
      report(ref("type"), `"${plain(name)}" has an enum, which Gemini takes only of the type "string".`);
  },
};
