/** Files with a row on each line, each with an id of its own and tools of the catalog: what all of them are checked for. */
import type { TSchema } from "@sinclair/typebox";
import { InputError } from "../../schemas/problem.ts";
import type { ToolMap } from "./catalog.ts";
import { check } from "./check.ts";
import { plain } from "./display.ts";
import { type JsonDocument, readJsonLines } from "./documents.ts";
import { endWithHint } from "./nearest.ts";

export interface LoadedRow<T> {
  row: T;
  document: JsonDocument;
}

/**
 * Numbers of 2^53 or more are ExactNumber values (json.ts): JSON.stringify writes them exactly.
 *
 * @param words for the rows, and for one of them
 * @throws InputError on an empty file, a line that does not follow the schema, and an id that is used twice
 */
export function loadRows<T extends { id: string }>(
  schema: TSchema,
  file: string,
  [rows, one]: readonly [rows: string, one: string],
): LoadedRow<T>[] {
  const documents = readJsonLines(file, { exactNumbers: true });
  if (documents.length === 0) throw new InputError(`The file holds no ${rows}; write one on each line.`, { file });
  const byId = new Map<string, JsonDocument>();
  return documents.map((document) => {
    const row = check<T>(schema, document);
    const twin = byId.get(row.id);
    if (twin !== undefined) {
      const sentence = `The id "${plain(row.id)}" is already used on line ${twin.locate([]).line}; every ${one} needs its own.`;
      throw new InputError(sentence, document.locate(["id"]));
    }
    byId.set(row.id, document);
    return { row, document };
  });
}

/** @throws InputError on a tool that is unknown or offered twice */
export function checkOffer(offered: readonly string[], document: JsonDocument, tools: ToolMap): void {
  for (const [index, name] of offered.entries()) {
    const place = () => document.locate(["tools", index]);
    if (!tools.has(name)) throw new InputError(unknownTool(name, tools), place());
    if (offered.indexOf(name) !== index)
      throw new InputError(`The tool "${plain(name)}" is offered twice; name it once.`, place());
  }
}

export const unknownTool = (name: string, tools: ToolMap): string =>
  `No catalog defines the tool "${plain(name)}"${endWithHint(name, tools.keys())}`;
