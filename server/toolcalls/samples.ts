/** Samples and demonstrations, checked against the tool catalog. */
import type { TSchema } from "@sinclair/typebox";
import { InputError } from "../../schemas/problem.ts";
import { Demonstration, Sample, type ToolCall } from "../../schemas/samples.ts";
import type { ToolMap } from "./catalog.ts";
import { check } from "./check.ts";
import { plain } from "./display.ts";
import { type JsonDocument, readJsonLines } from "./documents.ts";
import { endWithHint } from "./nearest.ts";

/**
 * Numbers of 2^53 or more in the arguments are ExactNumber values (json.ts): JSON.stringify writes them exactly.
 * @throws InputError on an empty file, a line that does not follow the schema, a duplicate id, an unknown tool, a tool
 * offered twice, and a gold call of a tool that is not offered
 */
export function loadSamples(file: string, tools: ToolMap): Sample[] {
  return loadRows<Sample>(Sample, file, "samples").map(({ row, document }) => {
    checkOffer(row, document, tools);
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
  return loadRows<Demonstration>(Demonstration, file, "demonstrations").map(({ row, document }) => {
    checkCalls(row.answer, [], document, tools);
    return row;
  });
}

function loadRows<T extends { id: string }>(
  schema: TSchema,
  file: string,
  what: string,
): { row: T; document: JsonDocument }[] {
  const documents = readJsonLines(file, { exactNumbers: true });
  if (documents.length === 0) throw new InputError(`The file holds no ${what}; write one on each line.`, { file });
  const byId = new Map<string, JsonDocument>();
  return documents.map((document) => {
    const row = check<T>(schema, document);
    const twin = byId.get(row.id);
    if (twin !== undefined) {
      const sentence = `The id "${plain(row.id)}" is already used on line ${twin.locate([]).line}; every row needs its own.`;
      throw new InputError(sentence, document.locate(["id"]));
    }
    byId.set(row.id, document);
    return { row, document };
  });
}

function checkOffer(row: Sample, document: JsonDocument, tools: ToolMap): void {
  for (const [index, name] of row.tools.entries()) {
    if (!tools.has(name)) {
      const sentence = `No catalog defines the tool "${plain(name)}"${endWithHint(name, tools.keys())}`;
      throw new InputError(sentence, document.locate(["tools", index]));
    }
    if (row.tools.indexOf(name) !== index) {
      throw new InputError(
        `The tool "${plain(name)}" is offered twice; name it once.`,
        document.locate(["tools", index]),
      );
    }
  }
}

function checkCalls(calls: ToolCall[], path: (string | number)[], document: JsonDocument, tools: ToolMap): void {
  for (const [index, { name }] of calls.entries()) {
    if (tools.has(name)) continue;
    const sentence = `No catalog defines the tool "${plain(name)}"${endWithHint(name, tools.keys())}`;
    throw new InputError(sentence, document.locate([...path, "answer", index, "name"]));
  }
}
