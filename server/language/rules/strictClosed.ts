import { plain } from "../../toolcalls/display.ts";
import { describesObject } from "../analysis/schemaNodes.ts";
import type { Rule } from "./rule.ts";

export const strictClosed: Rule = {
  id: "strict-closed",
  severity: "error",
  profiles: ["openai-strict"],
  title: "Object that strict mode wants closed",
  documentation: {
    text: "OpenAI's strict mode wants `additionalProperties: false` in every object, nested ones included, and refuses the tool otherwise.",
    bad: '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}',
    good: '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}',
  },
  schema({ schema, ref, name }, { report }) {
    if (!describesObject(schema) || schema.additionalProperties === false) return;
    const place = schema.additionalProperties === undefined ? ref() : ref("additionalProperties");
    const where = name === "" ? "The parameters need" : `"${plain(name)}" needs`;
    report(place, `${where} \`additionalProperties: false\` in strict mode.`);
  },
};
