/** The smallest edit that makes one text another: an undo then moves what was changed, and not the whole file. */
import * as vscode from "vscode";

/** Undefined where the texts are equal. */
export function editTo(document: vscode.TextDocument, text: string): vscode.TextEdit | undefined {
  const before = document.getText();
  if (before === text) return undefined;
  const most = Math.min(before.length, text.length);
  let start = 0;
  while (start < most && before[start] === text[start]) start++;
  let same = 0;
  while (same < most - start && before[before.length - 1 - same] === text[text.length - 1 - same]) same++;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(before.length - same));
  return vscode.TextEdit.replace(range, text.slice(start, text.length - same));
}
