/** A hand edit that was made for a row as it stood before: what the row says now is known to the finding alone. */
import type { CodeActionParams } from "vscode-languageserver";
import { textMember } from "../../../toolcalls/dialects/read.ts";
import { Ref } from "../../../toolcalls/dialects/ref.ts";
import { isJsonObject, parseExactJson } from "../../../toolcalls/json.ts";
import { replacementRow } from "../../rules/replacementRow.ts";
import { type Change, changeValues, type RecordEdit } from "../recordEdits.ts";
import type { RecordView } from "../recordView.ts";

type Diagnostic = CodeActionParams["context"]["diagnostics"][number];

export interface RowFix {
  diagnostic: Diagnostic;
  title: string;
  edit: RecordEdit;
}

/** Takes the row as it is now for the one that the edit is for, its copy included where there is one. */
export function editedRowFixes(view: RecordView, diagnostics: readonly Diagnostic[]): RowFix[] {
  return diagnostics.flatMap((diagnostic) => {
    const [now, original] = [textMember(diagnostic.data, "now"), textMember(diagnostic.data, "original")];
    if (diagnostic.code !== replacementRow.id || now === undefined || original === undefined) return [];
    const changes: Change[] = [[["row"], now]];
    const { value } = view.record;
    if (isJsonObject(value) && value.original !== undefined) changes.push([["original"], parseExactJson(original)]);
    const edit = changeValues(view.text, Ref.root, changes);
    return edit === undefined ? [] : [{ diagnostic, title: "Keep this edit for the sample as it is now", edit }];
  });
}
