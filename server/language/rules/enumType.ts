import { plain, showValue } from "../../toolcalls/display.ts";
import { isOfType } from "../analysis/declaredType.ts";
import { isEnumOfItems } from "./enumOnArray.ts";
import type { Rule } from "./rule.ts";

export const enumType: Rule = {
  id: "enum-type",
  severity: "error",
  title: "Enum value of another type",
  documentation: {
    text: "A value that is in the enum but not of the declared type can never be given. Either the type or the value is wrong.",
    bad: '{"type":"object","properties":{"free":{"type":"boolean","enum":["True","False"]}}}',
    good: '{"type":"object","properties":{"free":{"type":"boolean"}}}',
  },
  schema({ schema, ref, name }, { report }) {
    if (!Array.isArray(schema.enum) || schema.type === undefined || isEnumOfItems(schema)) return;
    const wrong = schema.enum.findIndex((value: unknown) => !isOfType(value, schema.type));
    if (wrong === -1) return;
    const message = `The enum of "${plain(name)}" has the value ${showValue(schema.enum[wrong])}, which is not of its type ${showValue(schema.type)}.`;
    report(ref("enum", wrong), message);
  },
};
