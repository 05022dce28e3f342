/** The language server as a suite in the extension host asks it: documents, findings, and answers that are waited for. */
import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import { until } from "./until.ts";

export const PATIENCE_MS = 20_000;

/** A file of the workspace, which is a copy of the quickstart. */
export function quickstart(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, "no folder is open");
  return vscode.Uri.file(join(folder.uri.fsPath, name));
}

export async function open(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** Takes back what was not saved, and closes everything. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  const dirty = vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty);
  assert.deepEqual(
    dirty.map(({ uri }) => uri.path),
    [],
  );
}

/** Another text for the whole document, not saved. */
export async function rewrite(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  assert.equal(await vscode.workspace.applyEdit(edit), true);
}

/** The rules of the findings in a document. */
export const codes = (uri: vscode.Uri): string[] => vscode.languages.getDiagnostics(uri).map(codeOf);

const codeOf = ({ code }: vscode.Diagnostic): string => String(typeof code === "object" ? code.value : code);

/** The first finding of a rule, waited for. */
export async function finding({ uri }: vscode.TextDocument, rule: string): Promise<vscode.Diagnostic> {
  const found = () => vscode.languages.getDiagnostics(uri).find((one) => codeOf(one) === rule);
  await until(`the finding ${rule}`, PATIENCE_MS, () => found() !== undefined);
  const diagnostic = found();
  assert.ok(diagnostic);
  return diagnostic;
}

export const gone = ({ uri }: vscode.TextDocument, rule: string): Promise<void> =>
  until(`the end of ${rule}`, PATIENCE_MS, () => !codes(uri).includes(rule));

/** The first answer that fits; the server may not have read the tools yet. */
export async function ask<T>(
  what: string,
  fits: (answer: T) => boolean,
  command: string,
  ...args: unknown[]
): Promise<T> {
  let answer: T | undefined;
  await until(what, PATIENCE_MS, async () => {
    const given = await vscode.commands.executeCommand<T>(command, ...args).then(undefined, unlessCancelled);
    if (given !== undefined && fits(given)) answer = given;
    return answer !== undefined;
  });
  assert.ok(answer !== undefined);
  return answer;
}

/** The editor breaks off a request whose document changes under it, by a diagnostic for one; a person's lamp asks again. */
function unlessCancelled(error: unknown): undefined {
  if (!(error instanceof Error && error.name === "Canceled")) throw error;
}

/** Where a text stands, `within` units behind its beginning. */
export function place(document: vscode.TextDocument, text: string, within = 1): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, text);
  return document.positionAt(offset + within);
}

/** Sets a setting of ours for the time of `body`. */
export async function withSetting(name: string, value: unknown, body: () => Promise<void>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration("toolexpander");
  await configuration.update(name, value, true);
  try {
    await body();
  } finally {
    await configuration.update(name, undefined, true);
  }
}
