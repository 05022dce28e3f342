import { typesNamed } from "../../toolcalls/dialects/typeNames.ts";
import { plain } from "../../toolcalls/display.ts";
import type { SchemaNode } from "../analysis/schemaNodes.ts";
import type { Rule } from "./rule.ts";

/** Whether the enum of a list has no list among its values. Null beside the list is still none. */
export function isEnumOfItems({ type, enum: values }: SchemaNode["schema"]): boolean {
  if (!Array.isArray(values) || values.length === 0 || values.some(Array.isArray)) return false;
  const types = typesNamed(type).filter((one) => one !== "null");
  return types.length === 1 && types[0] === "array";
}

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
    if (!isEnumOfItems(schema)) return;
    report(
      ref("enum").key,
      `No list can equal one of the values in the enum of "${plain(name)}"; move the enum into \`items\`.`,
    );
  },
};
