import { typesNamed } from "../../toolcalls/dialects/typeNames.ts";
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { endWithHint } from "../../toolcalls/nearest.ts";
import type { SchemaNode } from "../analysis/schemaNodes.ts";
import type { Rule } from "./rule.ts";

/** Keywords whose schemas speak of the object around them, which may declare the property. */
const IN_PLACE: ReadonlySet<string> = new Set([
  ...["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"],
]);
/** Keywords by which another schema may declare it. */
const ELSEWHERE = ["allOf", "anyOf", "oneOf", "$ref", "$dynamicRef", "if", "patternProperties", "dependentSchemas"];

/** An object of which nothing else is said; a map whose keys are free may ask for some of them. */
const isBareObject = ({ type, additionalProperties }: SchemaNode["schema"]): boolean =>
  additionalProperties === undefined && typesNamed(type).includes("object");

export const requiredUnknown: Rule = {
  id: "required-unknown",
  severity: "error",
  title: "Required property that is not declared",
  documentation: {
    text: "`required` names a property that `properties` does not have. OpenAI and Gemini refuse such a schema, and no call can be right: the argument is required and unknown at once.",
    bad: '{"type":"object","properties":{"city":{"type":"string"}},"required":["town"]}',
    good: '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}',
  },
  schema({ schema, ref, name, heldBy = "" }, { report }) {
    const { required } = schema;
    if (!Array.isArray(required) || required.length === 0 || IN_PLACE.has(heldBy)) return;
    const properties = schema.properties ?? (isBareObject(schema) ? {} : undefined);
    if (!isJsonObject(properties) || ELSEWHERE.some((keyword) => schema[keyword] !== undefined)) return;
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
