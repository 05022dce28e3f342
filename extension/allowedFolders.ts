/**
 * Folders that experiments and runs may name files of, besides their own project: those of the workspace, and those that the person has
 * allowed. Workers, the language server and the training server read them from the environment that they inherit.
 */
import { delimiter } from "node:path";
import * as vscode from "vscode";
import { ALLOWED_FOLDERS } from "../server/toolcalls/project.ts";
import { allowedFolders } from "./settings.ts";

/** What was there when the window opened: a shell's own list. */
const inherited = process.env[ALLOWED_FOLDERS];

/** Keeps the environment as it should be, until it is disposed of. */
export function tellAllowedFolders(): vscode.Disposable {
  const tell = (): void => {
    process.env[ALLOWED_FOLDERS] = [...(inherited ? [inherited] : []), ...allowedFolders()].join(delimiter);
  };
  tell();
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeWorkspaceFolders(tell),
    vscode.workspace.onDidGrantWorkspaceTrust(tell),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("toolexpander.allowedFolders")) tell();
    }),
  );
}
