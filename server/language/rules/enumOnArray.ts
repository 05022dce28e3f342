import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

export const enumOnArray: Rule = {
  id: "enum-on-array",
  severity: "error",
  title: "Enum on the array instead of its items",
  documentation: {
    text: "An enum lists whole values. On an array it lists whole arrays, so no list of these texts satisfies it. It was meant for the items: move it inside `items`.",
    bad: '{"type":"object","properties":{"days":{"type":"array","items":{"type":"string"},"enum":["mon","tue"]}}}',
    good: '{"type":"object","properties":{"days":{"type":"array","items":{"type":"string","enum":["mon","tue"]}}}}',
  },
  schema({ schema, ref, name }, { report }) {
    if (schema.type !== "array" || !Array.isArray(schema.enum)) return;
    if (schema.enum.some((value) => Array.isArray(value))) return;
    report(
      ref("enum").key,
      `No list can equal one of the values in the enum of "${plain(name)}"; move the enum into \`items\`.`,
    );
  },
};
