/** Saving what a view exports, where a person wants it. */
import * as path from "node:path";
import * as vscode from "vscode";
import { inform } from "../window.ts";

export interface Export {
  /** Proposed; its ending is the format's. */
  name: string;
  format: "png" | "csv";
  /** PNG as base64, CSV as text. */
  data: string;
  /** Folder that is proposed where no folder is open. */
  beside: string;
}

export async function saveExport({ name, format, data, beside }: Export): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(beside);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, `${name}.${format}`),
    filters: format === "png" ? { PNG: ["png"] } : { CSV: ["csv"] },
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(data, format === "png" ? "base64" : "utf8"));
  const open = vscode.l10n.t("Open File");
  const said = vscode.l10n.t("Saved as {0}.", path.basename(target.fsPath));
  if ((await inform(said, open)) === open) {
    await vscode.commands.executeCommand("vscode.open", target);
  }
}
