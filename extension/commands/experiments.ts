/** Which experiment a command is about. */
import * as path from "node:path";
import * as vscode from "vscode";
import type { Runs } from "../status/runs.ts";
import { pick, warn } from "../window.ts";

const isExperiment = (uri: vscode.Uri): boolean =>
  uri.scheme === "file" && /(^|\.)experiment\.json$/.test(path.basename(uri.fsPath));

/** Undefined where there is none, which has then been said, or where the person chose none. */
export async function pickExperiment(runs: Runs, target: unknown, question: string): Promise<vscode.Uri | undefined> {
  if (target instanceof vscode.Uri) return target;
  const open = vscode.window.activeTextEditor?.document.uri;
  if (open && isExperiment(open)) return open;
  if (runs.experiments.length === 0) await runs.look();
  const { experiments } = runs;
  if (experiments.length <= 1) {
    if (experiments.length === 0) await sayNone();
    return experiments[0];
  }
  const items = experiments.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  return (await pick(items, { title: question, placeHolder: question }))?.uri;
}

async function sayNone(): Promise<void> {
  const quickstart = vscode.l10n.t("Create Quickstart Workspace");
  const chosen = await warn(
    vscode.l10n.t("There is no experiment (experiment.json or *.experiment.json) in this workspace."),
    quickstart,
  );
  if (chosen === quickstart) await vscode.commands.executeCommand("toolexpander.createQuickstart");
}
