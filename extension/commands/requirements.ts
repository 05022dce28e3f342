/** What a command needs before it can do anything, and what to do where that is missing. */
import * as vscode from "vscode";
import { hasEngine } from "../../server/training/engine/onnx/engineHere.ts";
import { untrusted } from "../trust.ts";
import { warn } from "../window.ts";

/** False where no folder is open, which has then been said. */
export async function hasWorkspace(): Promise<boolean> {
  if ((vscode.workspace.workspaceFolders ?? []).length > 0) return true;
  const [quickstart, openFolder] = [vscode.l10n.t("Create Quickstart Workspace"), vscode.l10n.t("Open Folder")];
  const chosen = await warn(
    vscode.l10n.t("Training needs a folder with an experiment, and no folder is open."),
    quickstart,
    openFolder,
  );
  if (chosen === quickstart) await vscode.commands.executeCommand("toolexpander.createQuickstart");
  if (chosen === openFolder) await vscode.commands.executeCommand("vscode.openFolder");
  return false;
}

/** Whether the package that is installed can train on this system. */
export const engineIsHere = (context: vscode.ExtensionContext): boolean =>
  hasEngine(context.asAbsolutePath("node_modules/onnxruntime-node"));

/** False where this package trains nothing on this system, which has then been said, with what works all the same. */
export function canTrain(context: vscode.ExtensionContext): boolean {
  if (engineIsHere(context)) return true;
  const sentence = vscode.l10n.t(
    "ToolExpander has no engine for {0}, so nothing can be trained here and no device tested. Checking files, looking at runs, editing replacements and exporting models work.",
    `${process.platform}-${process.arch}`,
  );
  void warn(sentence);
  return false;
}

/** False where the workspace is not trusted, which has then been said. @param sentence what waits for it, and why */
export async function isTrusted(sentence = untrusted()): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const chosen = await warn(sentence, manage);
  if (chosen === manage) await vscode.commands.executeCommand("workbench.trust.manage");
  return false;
}
