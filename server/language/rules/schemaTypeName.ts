import { JSON_TYPES, namedType } from "../../toolcalls/dialects/typeNames.ts";
import { plain, showValue } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

export const schemaTypeName: Rule = {
  id: "schema-type-name",
  severity: "error",
  title: "Type that JSON Schema does not know",
  documentation: {
    text: "JSON Schema has seven type names: array, boolean, integer, null, number, object, string. Names of Python or Java (dict, float, str, List[int], HashMap) are ignored by some servers and refused by others, and constrained decoding then constrains nothing. Inside a dialect whose habit they are this is a hint.",
    bad: '{"type":"dict","properties":{"price":{"type":"float"}}}',
    good: '{"type":"object","properties":{"price":{"type":"number"}}}',
  },
  schema({ schema, ref, name }, { report }) {
    const { type } = schema;
    if (type === undefined) return;
    for (const one of Array.isArray(type) ? type : [type]) {
      if (typeof one === "string" && JSON_TYPES.has(one)) continue;
      const where = name === "" ? "The parameters have" : `"${plain(name)}" has`;
      const meant = typeof one === "string" ? namedType(one)?.schema : undefined;
      const advice =
        meant === undefined
          ? "use one of its seven types"
          : meant.type === undefined
            ? "leave `type` out, or name the types"
            : `write ${showValue(meant.type)}`;
      report(ref("type"), `${where} the type ${showValue(one)}, which JSON Schema does not know; ${advice}.`, {
        data: {
          written: typeof one === "string" ? one : showValue(one),
          meant: typeof meant?.type === "string" ? meant.type : null,
        },
      });
    }
  },
};
