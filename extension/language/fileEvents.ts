/** Tells the server of files that change on disk, whoever changes them. */
import * as vscode from "vscode";

/** A watcher for each pattern of the selector. */
export function fileEvents(selector: readonly vscode.DocumentFilter[]): vscode.FileSystemWatcher[] {
  const patterns = selector.filter(({ scheme }) => scheme === "file").map(({ pattern }) => pattern);
  return patterns
    .filter((pattern) => pattern !== undefined)
    .map((pattern) => vscode.workspace.createFileSystemWatcher(pattern));
}
