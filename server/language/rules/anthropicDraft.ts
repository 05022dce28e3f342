import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { schemaFindings } from "../../toolcalls/jsonSchema/schemaFindings.ts";
import type { Rule } from "./rule.ts";

export const anthropicDraft: Rule = {
  id: "anthropic-draft",
  severity: "error",
  profiles: ["anthropic"],
  title: "Schema of a draft that Anthropic does not read",
  documentation: {
    text: "Anthropic reads every `input_schema` as JSON Schema 2020-12, whatever draft its `$schema` names, and refuses the request where the schema is not valid there. What older drafts wrote otherwise has to be written anew: `items` as a list is `prefixItems` today.",
    bad: '{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"at":{"type":"array","items":[{"type":"number"},{"type":"number"}]}}}',
    good: '{"type":"object","properties":{"at":{"type":"array","prefixItems":[{"type":"number"},{"type":"number"}]}}}',
  },
  tool({ parameters, schemaRef }, { report }) {
    // Without a draft of its own the schema is read as 2020-12 already, and has been looked at.
    if (!isJsonObject(parameters) || parameters.$schema === undefined) return;
    const { $schema: _, ...schema } = parameters;
    const own = new Set(schemaFindings(parameters).map(({ schemaPath }) => schemaPath.join("/")));
    for (const { kind, schemaPath, message } of schemaFindings(schema)) {
      if (kind !== "malformed-keyword" && kind !== "not-a-schema") continue;
      if (own.has(schemaPath.join("/"))) continue;
      report(schemaRef(schemaPath), plain(`In draft 2020-12, as which Anthropic reads it: ${message}`, 300));
    }
  },
};
