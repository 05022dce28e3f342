import { plain, showValue } from "../../toolcalls/display.ts";
import { isOfType } from "../analysis/declaredType.ts";
import type { Rule } from "./rule.ts";

export const defaultType: Rule = {
  id: "default-type",
  severity: "warning",
  title: "Default of another type",
  documentation: {
    text: 'The default is not of the declared type: "false" is a text, not a boolean. A policy copies what it reads, and its call is then invalid.',
    bad: '{"type":"object","properties":{"verbose":{"type":"boolean","default":"false"}}}',
    good: '{"type":"object","properties":{"verbose":{"type":"boolean","default":false}}}',
  },
  schema({ schema, ref, name }, { report }) {
    const { type, default: value } = schema;
    if (type === undefined || value === undefined || value === null) return;
    if (isOfType(value, type)) return;
    report(
      ref("default"),
      `The default ${showValue(value)} of "${plain(name)}" is not of its type ${showValue(type)}.`,
    );
  },
};
