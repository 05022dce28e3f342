import { member } from "../../toolcalls/dialects/read.ts";
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { schemaFindings } from "../../toolcalls/jsonSchema/schemaFindings.ts";
import type { Rule } from "./rule.ts";

export const outputSchema: Rule = {
  id: "output-schema",
  severity: "warning",
  title: "Fault in what a tool says of its output",
  documentation: {
    text: "A tool of the Model Context Protocol that has an `outputSchema` must answer with `structuredContent` that follows it, and clients check that it does. A keyword that is malformed, misspelt or contradictory, or a reference that leads nowhere, has them refuse every answer, or accept any.",
    bad: '{"tools":[{"name":"get_time","inputSchema":{"type":"object","properties":{}},"outputSchema":{"type":"object","properties":{"hour":{"type":"integer","minimum":"0"}}}}]}',
    good: '{"tools":[{"name":"get_time","inputSchema":{"type":"object","properties":{}},"outputSchema":{"type":"object","properties":{"hour":{"type":"integer","minimum":0}}}}]}',
  },
  tool({ name, nameRef, ref, written }, { report, dialect }) {
    const schema = member(written, "outputSchema");
    if (dialect.id !== "mcp" || !isJsonObject(schema)) return;
    const place = (nameRef.parent ?? ref).at("outputSchema");
    for (const { schemaPath, message } of schemaFindings(schema))
      report(place.at(...schemaPath), `In the output of "${plain(name)}": ${plain(message, 300)}`);
  },
};
