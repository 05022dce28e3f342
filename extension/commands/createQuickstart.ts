/** Create Quickstart Workspace: a folder with tools, samples, an experiment and a micro policy, ready to train. */
import * as vscode from "vscode";
import { pick, withProgress } from "../window.ts";
import { copyQuickstart } from "../workspace/quickstart.ts";
import { folderOf } from "./target.ts";
import type { Workbench } from "./workbench.ts";

type Opening = "here" | "window" | "add";

/** @param target the folder to make it in, where a caller knows it */
export async function createQuickstart({ context, log }: Workbench, target: unknown): Promise<void> {
  const parent = target instanceof vscode.Uri ? target.fsPath : (folderOf(target) ?? (await pickParent()));
  if (parent === undefined) return;
  const source = context.asAbsolutePath("examples/quickstart");
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t("Creating the quickstart workspace"),
  };
  const folder = await withProgress(options, () => copyQuickstart(source, parent));
  log.info(`The quickstart workspace lies in ${folder}`);
  const uri = vscode.Uri.file(folder);
  switch (await pickOpening(folder)) {
    case "here":
      await vscode.commands.executeCommand("vscode.openFolder", uri, { forceReuseWindow: true });
      break;
    case "window":
      await vscode.commands.executeCommand("vscode.openFolder", uri, { forceNewWindow: true });
      break;
    case "add":
      vscode.workspace.updateWorkspaceFolders((vscode.workspace.workspaceFolders ?? []).length, 0, { uri });
      break;
    default:
  }
}

async function pickParent(): Promise<string | undefined> {
  const title = vscode.l10n.t("Where is the quickstart workspace to be made?");
  const chosen = await vscode.window.showOpenDialog({
    title,
    openLabel: vscode.l10n.t("Create Here"),
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
  });
  return chosen?.[0]?.fsPath;
}

/** Nothing is asked where no folder is open. */
async function pickOpening(folder: string): Promise<Opening | undefined> {
  if ((vscode.workspace.workspaceFolders ?? []).length === 0) return "here";
  const items: (vscode.QuickPickItem & { opening: Opening })[] = [
    { opening: "here", label: vscode.l10n.t("Open in This Window") },
    { opening: "window", label: vscode.l10n.t("Open in a New Window") },
    { opening: "add", label: vscode.l10n.t("Add to This Workspace") },
  ];
  const title = vscode.l10n.t("The quickstart workspace was made in {0}", folder);
  return (await pick(items, { title, placeHolder: title, ignoreFocusOut: true }))?.opening;
}
