/** What a command needs before it can do anything, and what to do where that is missing. */
import * as vscode from "vscode";

/** False where no folder is open, which has then been said. */
export async function hasWorkspace(): Promise<boolean> {
  if ((vscode.workspace.workspaceFolders ?? []).length > 0) return true;
  const [quickstart, openFolder] = [vscode.l10n.t("Create Quickstart Workspace"), vscode.l10n.t("Open Folder")];
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t("Training needs a folder with an experiment, and no folder is open."),
    quickstart,
    openFolder,
  );
  if (chosen === quickstart) await vscode.commands.executeCommand("toolexpander.createQuickstart");
  if (chosen === openFolder) await vscode.commands.executeCommand("vscode.openFolder");
  return false;
}

/** False where the workspace is not trusted, which has then been said. */
export async function isTrusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t("Training runs what the files of this workspace say, so it waits until you trust the workspace."),
    manage,
  );
  if (chosen === manage) await vscode.commands.executeCommand("workbench.trust.manage");
  return false;
}
