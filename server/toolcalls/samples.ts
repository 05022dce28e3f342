/** Samples and demonstrations, checked against the tool catalog. */
import { InputError } from "../../schemas/problem.ts";
import { Demonstration, Sample, type ToolCall } from "../../schemas/samples.ts";
import type { ToolMap } from "./catalog.ts";
import { plain } from "./display.ts";
import type { JsonDocument } from "./documents.ts";
import { endWithHint } from "./nearest.ts";
import { checkOffer, loadRows, unknownTool } from "./rows.ts";

/**
 * Numbers of 2^53 or more in the arguments are ExactNumber values (json.ts): JSON.stringify writes them exactly.
 * @throws InputError on an empty file, a line that does not follow the schema, a duplicate id, an unknown tool, a tool
 * offered twice, and a gold call of a tool that is not offered
 */
export function loadSamples(file: string, tools: ToolMap): Sample[] {
  return loadRows<Sample>(Sample, file, ["samples", "row"]).map(({ row, document }) => {
    checkOffer(row.tools, document, tools);
    for (const [index, call] of row.answer.entries()) {
      if (row.tools.includes(call.name)) continue;
      throw new InputError(
        `The answer calls "${plain(call.name)}", which is not among the tools offered${endWithHint(call.name, row.tools)}`,
        document.locate(["answer", index, "name"]),
      );
    }
    for (const [index, demonstration] of (row.demonstrations ?? []).entries()) {
      checkCalls(demonstration.answer, ["demonstrations", index], document, tools);
    }
    return row;
  });
}

/** @throws InputError on an empty file, a line that does not follow the schema, a duplicate id and an unknown tool */
export function loadDemonstrations(file: string, tools: ToolMap): Demonstration[] {
  return loadRows<Demonstration>(Demonstration, file, ["demonstrations", "row"]).map(({ row, document }) => {
    checkCalls(row.answer, [], document, tools);
    return row;
  });
}

function checkCalls(calls: ToolCall[], path: (string | number)[], document: JsonDocument, tools: ToolMap): void {
  for (const [index, { name }] of calls.entries()) {
    if (tools.has(name)) continue;
    throw new InputError(unknownTool(name, tools), document.locate([...path, "answer", index, "name"]));
  }
}
