/** Which file is to be checked from disk, and which need not be. */
import * as vscode from "vscode";
import { InputError } from "../../schemas/problem.ts";
import { EDITOR_LIMIT } from "../../server/language/editorLimit.ts";
import { globMatcher } from "../../server/language/globs.ts";
import { plain } from "../../server/toolcalls/display.ts";
import { addedPatterns, ourPatterns } from "../language/ourFiles.ts";
import { filePatterns } from "../settings.ts";
import { activeFile, isInTab } from "./tabs.ts";

/** UTF-8 takes at most three bytes for what the editor counts as one. */
const MOST_BYTES_OF_UNIT = 3;

export const isOurs = (file: string): boolean =>
  [...ourPatterns, ...addedPatterns(filePatterns())].some((glob) => globMatcher(glob)?.(file) === true);

/** Whether the language server looks at the file while it is open. @throws InputError where there is no file */
export async function isSynced(uri: vscode.Uri): Promise<boolean> {
  const size = await sizeOf(uri);
  if (!isOurs(uri.fsPath)) return false;
  if (size <= EDITOR_LIMIT) return true;
  // Only what the editor holds anyway: a file of gigabytes is not opened to find out.
  if (size > MOST_BYTES_OF_UNIT * EDITOR_LIMIT || !isInTab(uri.fsPath)) return false;
  return vscode.workspace.openTextDocument(uri).then(
    () => true,
    () => false,
  );
}

/** The file in front, where it is too large. */
export async function largeInFront(): Promise<vscode.Uri | undefined> {
  const uri = activeFile();
  return uri !== undefined && (await sizeOf(uri).catch(() => 0)) > EDITOR_LIMIT ? uri : undefined;
}

export async function pickFile(): Promise<vscode.Uri | undefined> {
  const title = vscode.l10n.t("Which file is to be checked?");
  const chosen = await vscode.window.showOpenDialog({
    title,
    openLabel: vscode.l10n.t("Check"),
    filters: { [vscode.l10n.t("JSON and JSON Lines")]: ["jsonl", "json"] },
  });
  return chosen?.[0];
}

async function sizeOf(uri: vscode.Uri): Promise<number> {
  try {
    return (await vscode.workspace.fs.stat(uri)).size;
  } catch {
    throw new InputError(vscode.l10n.t("There is no file {0}.", plain(uri.fsPath, 500)));
  }
}
