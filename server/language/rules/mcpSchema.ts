import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import type { Rule } from "./rule.ts";

export const mcpSchema: Rule = {
  id: "mcp-schema",
  severity: "error",
  profiles: ["mcp"],
  title: "Schemas that clients of MCP refuse",
  documentation: {
    text: "A tool of the Model Context Protocol has an `inputSchema` of the type object, also where it takes nothing. An `outputSchema` of another type than object is allowed only since the revision of July 2026, and clients of older ones refuse the whole list.",
    bad: '{"tools":[{"name":"get_time","inputSchema":{"properties":{}}}]}',
    good: '{"tools":[{"name":"get_time","inputSchema":{"type":"object","properties":{}}}]}',
  },
  tool({ name, parameters, schemaRef, nameRef, written }, { report }) {
    if (parameters === undefined || parameters === null)
      report(
        nameRef,
        `"${plain(name)}" has no schema for its input; write {"type": "object", "properties": {}} for none.`,
      );
    else if (!isJsonObject(parameters) || parameters.type !== "object")
      report(schemaRef([]), `The input of "${plain(name)}" must have the type "object".`);
    const output = written.outputSchema;
    if (output === undefined || (isJsonObject(output) && output.type === "object")) return;
    const place = nameRef.parent?.at("outputSchema") ?? nameRef;
    if (isJsonObject(output))
      report(place, `The output of "${plain(name)}" is no object, which older clients refuse.`, {
        severity: "warning",
      });
    else report(place, `The output of "${plain(name)}" is described by no schema; write one, or leave it out.`);
  },
};
