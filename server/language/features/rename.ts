/** Another name for a tool or a parameter, as an edit of the whole workspace. */
import { basename } from "node:path";
import { ErrorCodes, type Range, ResponseError, type TextEdit, type WorkspaceEdit } from "vscode-languageserver";
import { plain } from "../../toolcalls/display.ts";
import { EDITOR_LIMIT } from "../editorLimit.ts";
import type { Session } from "../session.ts";
import { pathOf, uriOf } from "../uris.ts";
import type { Mention } from "./mentions.ts";
import { mentionUnder, type Place, workspaceOf } from "./navigation.ts";
import { nameFault, RenameRefusal, renamedRecords, writtenName } from "./renameEdits.ts";

/** The exact text that a rename would replace; refused with a sentence where no name stands. */
export function prepareRename(session: Session, place: Place): { range: Range; placeholder: string } {
  const found = mentionUnder(session, place);
  if (found === undefined) throw refusal("Only names of tools and parameters that are defined can be renamed.");
  const { record, mention } = found;
  const written = writtenName(record.view, mention);
  if (written === undefined)
    throw refusal(`The name "${plain(mention.name)}" is written here in a way that cannot be edited.`);
  return { range: record.range(written), placeholder: mention.name };
}

/** @throws ResponseError with a sentence where the name is invalid or taken, or a file is too large to be edited */
export async function rename(
  session: Session,
  folders: readonly string[],
  place: Place,
  newName: string,
): Promise<WorkspaceEdit> {
  try {
    return await workspaceEdit(session, folders, place, newName);
  } catch (error) {
    throw error instanceof RenameRefusal ? refusal(error.message) : error;
  }
}

async function workspaceEdit(
  session: Session,
  folders: readonly string[],
  place: Place,
  newName: string,
): Promise<WorkspaceEdit> {
  const found = mentionUnder(session, place);
  if (found === undefined) throw refusal("Only names of tools and parameters that are defined can be renamed.");
  const { mention } = found;
  if (newName === mention.name) return { changes: {} };
  const fault = nameFault(mention, newName);
  if (fault !== undefined) throw refusal(fault);
  const workspace = await workspaceOf(session, folders, pathOf(place.textDocument.uri));
  const changes: Record<string, TextEdit[]> = {};
  for (const file of workspace.files) {
    const size = await workspace.size(file);
    for await (const record of renamedRecords(workspace, file, mention, newName)) {
      if (size > EDITOR_LIMIT) throw refusal(tooLarge(file, size, mention, newName));
      const edits = record.edits.map(({ start, end, text }) => ({
        range: record.range({ start, end }),
        newText: text,
      }));
      changes[uriOf(file)] = [...(changes[uriOf(file)] ?? []), ...edits];
    }
  }
  return { changes };
}

const tooLarge = (file: string, size: number, { name, toolName, parameter }: Mention, newName: string): string => {
  const of = parameter.length > 0 ? ` --tool ${plain(toolName)}` : "";
  return `${basename(file)} has ${Math.round(size / 2 ** 20)} MB, more than the editor can change; run "toolexpander rename ${plain(name)} ${plain(newName)}${of}" instead.`;
};

const refusal = (sentence: string): ResponseError<void> => new ResponseError(ErrorCodes.InvalidParams, sentence);
