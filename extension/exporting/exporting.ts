/** Exports of policies, as far as they are loaded when there is one to make: what is asked, the progress, and what came of it. */
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import { sizeText } from "../../server/training/models/sizeText.ts";
import { showFailure } from "../failures.ts";
import type { RunStatus } from "../status/runStatus.ts";
import { nameText } from "../status/runText.ts";
import { inform, pick, withProgress } from "../window.ts";
import { exportFolder, formatsOf } from "./exportChoices.ts";
import { runExport } from "./exportProcess.ts";
import type { ExportRequest, FinishedExport } from "./messages.ts";

export interface ExportParts {
  /** Path of the process's bundle. */
  program: string;
  log: vscode.LogOutputChannel;
  reveal(folder: string): Promise<void>;
}

/** Asks for format and place, and exports the policy of the run's newest checkpoint. What fails is shown. */
export async function exportPolicy(run: RunStatus, { program, log, reveal }: ExportParts): Promise<void> {
  const name = nameText(run);
  const title = vscode.l10n.t("Export the policy of {0} as", name);
  const format = await pick(formatsOf(run, vscode.l10n), { title, placeHolder: title });
  const parent = format && (await pickParent());
  if (!parent) return;
  const to = exportFolder(parent.fsPath, run, format, existsSync);
  try {
    const done = await exportShown(program, name, { run: run.folder, to, as: format.as, dtype: format.dtype });
    if (await isToBeOpened(name, done)) await reveal(done.folder);
  } catch (error) {
    showFailure(error, log);
  }
}

async function pickParent(): Promise<vscode.Uri | undefined> {
  const first = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("In which folder is the export's own folder to be made?"),
    openLabel: vscode.l10n.t("Export Here"),
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    ...(first && { defaultUri: first }),
  });
  return chosen?.[0];
}

function exportShown(program: string, name: string, request: ExportRequest): Thenable<FinishedExport> {
  const title = vscode.l10n.t("Exporting {0}", name);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return withProgress(options, async (progress, token) => {
    const controller = new AbortController();
    const subscription = token.onCancellationRequested(() => controller.abort());
    try {
      return await runExport(program, request, {
        signal: controller.signal,
        found: (step) => progress.report({ message: vscode.l10n.t("the policy after step {0}", step) }),
      });
    } finally {
      subscription.dispose();
    }
  });
}

async function isToBeOpened(name: string, { folder, step, bytes }: FinishedExport): Promise<boolean> {
  const open = vscode.l10n.t("Open Folder");
  const said = vscode.l10n.t("The policy of {0} after step {1} is in {2} ({3}).", name, step, folder, sizeText(bytes));
  return (await inform(said, open)) === open;
}
