/** Pages that tell a person about the product: the walkthrough, and the documentation that ships. */
import * as vscode from "vscode";
import { walkthrough } from "../commands/names.ts";
import type { Workbench } from "../commands/workbench.ts";

/** Opens the walkthrough at the first step that is not done. */
export async function openWalkthrough({ context }: Workbench): Promise<void> {
  await vscode.commands.executeCommand(
    "workbench.action.openWalkthrough",
    `${context.extension.id}#${walkthrough}`,
    false,
  );
}

/** Opens the index of the documentation, as it ships with this version. */
export async function openDocumentation({ context }: Workbench): Promise<void> {
  const index = vscode.Uri.joinPath(context.extensionUri, "docs", "README.md");
  await vscode.commands.executeCommand("markdown.showPreview", index);
}
