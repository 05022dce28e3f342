import { plain, showValue } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

export const defaultNull: Rule = {
  id: "default-null",
  severity: "information",
  title: "Default null of a type that has no null",
  documentation: {
    text: "The default is null, but the type does not allow null: an argument of null would be refused. Leave the default out, since an absent argument already means it, or add null to the types.",
    bad: '{"type":"object","properties":{"page":{"type":"integer","default":null}}}',
    good: '{"type":"object","properties":{"page":{"type":"integer"}}}',
  },
  schema({ schema, ref, name }, { report }) {
    const { type, default: value } = schema;
    if (value !== null || type === undefined || schema.nullable === true) return;
    if (type === "null" || type === "any" || (Array.isArray(type) && type.includes("null"))) return;
    report(
      ref("default"),
      `The default of "${plain(name)}" is null, which its type ${showValue(type)} does not allow; leave it out.`,
    );
  },
};
