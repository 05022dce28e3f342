import { sameValue } from "../../toolcalls/compare.ts";
import { plain, showValue } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

export const defaultEnum: Rule = {
  id: "default-enum",
  severity: "warning",
  title: "Default that the enum does not allow",
  documentation: {
    text: "The default is none of the values in the enum. A policy that writes the default it has read makes an invalid call.",
    bad: '{"type":"object","properties":{"units":{"type":"string","enum":["celsius","kelvin"],"default":"C"}}}',
    good: '{"type":"object","properties":{"units":{"type":"string","enum":["celsius","kelvin"],"default":"celsius"}}}',
  },
  schema({ schema, ref, name }, { report }) {
    const { enum: allowed, default: value } = schema;
    if (!Array.isArray(allowed) || value === undefined) return;
    if (value === null && schema.nullable === true) return;
    if (allowed.some((one) => sameValue(one, value))) return;
    report(ref("default"), `The default ${showValue(value)} of "${plain(name)}" is none of the values in its enum.`);
  },
};
