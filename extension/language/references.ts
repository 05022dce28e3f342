/** Shows where the tool at a place is used, in the editor's own view of references. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { ReferencesRequest } from "vscode-languageclient/node";
import { inform } from "../window.ts";

export async function showReferences(
  client: LanguageClient,
  uri: vscode.Uri,
  position: vscode.Position,
): Promise<void> {
  const found = await client.sendRequest(ReferencesRequest.type, {
    textDocument: { uri: uri.toString() },
    position: { line: position.line, character: position.character },
    context: { includeDeclaration: false },
  });
  const locations = await client.protocol2CodeConverter.asReferences(found ?? []);
  if (locations.length === 0) {
    void inform(vscode.l10n.t("Nothing in this workspace uses what stands here."));
    return;
  }
  await vscode.commands.executeCommand("editor.action.showReferences", uri, position, locations);
}
