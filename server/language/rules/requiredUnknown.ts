import { namedType } from "../../toolcalls/dialects/typeNames.ts";
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { endWithHint } from "../../toolcalls/nearest.ts";
import type { Rule } from "./rule.ts";

export const requiredUnknown: Rule = {
  id: "required-unknown",
  severity: "error",
  title: "Required property that is not declared",
  documentation: {
    text: "`required` names a property that `properties` does not have. OpenAI and Gemini refuse such a schema, and no call can be right: the argument is required and unknown at once.",
    bad: '{"type":"object","properties":{"city":{"type":"string"}},"required":["town"]}',
    good: '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}',
  },
  schema({ schema, ref, name }, { report }) {
    const { required, properties: declared, type } = schema;
    if (!Array.isArray(required) || required.length === 0) return;
    const typed = type === "object" || (typeof type === "string" && namedType(type)?.schema.type === "object");
    const properties = declared === undefined && typed ? {} : declared;
    if (!isJsonObject(properties)) return;
    if (["allOf", "anyOf", "oneOf", "$ref", "patternProperties"].some((keyword) => schema[keyword] !== undefined))
      return;
    for (const [index, one] of required.entries()) {
      if (typeof one !== "string" || Object.hasOwn(properties, one)) continue;
      const where = name === "" ? "the parameters declare" : `"${plain(name)}" declares`;
      report(
        ref("required", index),
        `"${plain(one)}" is required, but ${where} no such property${endWithHint(one, Object.keys(properties))}`,
      );
    }
  },
};
