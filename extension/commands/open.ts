/** Looking at a run: its rollouts, its log, its folder. */
import * as path from "node:path";
import * as vscode from "vscode";
import { MOST_RUNS } from "../../schemas/compareLimits.ts";
import type { RunStatus } from "../status/runStatus.ts";
import { datedText, nameText } from "../status/runText.ts";
import { warn } from "../window.ts";
import { pickRun, pickRuns } from "./pickRun.ts";
import { folderOf, onlyLive } from "./target.ts";
import type { Workbench } from "./workbench.ts";

function pickAny({ runs }: Workbench, target: unknown, question: string): Promise<RunStatus | undefined> {
  return pickRun(runs, target, {
    fits: () => true,
    question,
    none: vscode.l10n.t("There is no run in this workspace yet."),
  });
}

/** From one view of a run to the other nothing is asked. */
function orInFront({ views }: Workbench, target: unknown, kind: "rollouts" | "curves"): unknown {
  const named = folderOf(target) !== undefined || onlyLive(target);
  return named ? target : (views.inFront(kind) ?? target);
}

export async function openRollouts(workbench: Workbench, target: unknown): Promise<void> {
  const run = await pickAny(workbench, orInFront(workbench, target, "curves"), vscode.l10n.t("Which run's rollouts?"));
  if (run) workbench.views.openRollouts({ folder: run.folder, title: nameText(run) });
}

export async function openCurves(workbench: Workbench, target: unknown): Promise<void> {
  const run = await pickAny(workbench, orInFront(workbench, target, "rollouts"), vscode.l10n.t("Which run's curves?"));
  if (run) workbench.views.openCurves({ folder: run.folder, title: nameText(run) });
}

/** @param target a run that is among them, or folders of several */
export async function compareRuns(workbench: Workbench, target: unknown): Promise<void> {
  const { views } = workbench;
  const several = Array.isArray(target) ? target.filter((one) => typeof one === "string") : [];
  const one = folderOf(target) ?? views.inFront("curves") ?? views.inFront("rollouts");
  const chosen = several.length > 0 || one === undefined ? several : [one];
  const runs = await pickRuns(workbench.runs, chosen, MOST_RUNS);
  if (runs) views.openComparison(runs.map((run) => ({ folder: run.folder, title: datedText(run) })));
}

/** Opens the log of the run's training server at its end. */
export async function showTrainingLog(workbench: Workbench, target: unknown): Promise<void> {
  const run = await pickAny(workbench, target, vscode.l10n.t("Which run's log?"));
  if (!run) return;
  const file = vscode.Uri.file(path.join(run.folder, "server.log"));
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(file);
  } catch (error) {
    workbench.log.warn(error instanceof Error ? error.message : String(error));
    void warn(vscode.l10n.t("The run {0} has no log that can be opened.", nameText(run)));
    return;
  }
  const editor = await vscode.window.showTextDocument(document);
  const end = document.lineAt(document.lineCount - 1).range.end;
  editor.revealRange(new vscode.Range(end, end));
}

export async function revealRun(workbench: Workbench, target: unknown): Promise<void> {
  const run = await pickAny(workbench, target, vscode.l10n.t("Which run's folder?"));
  if (run) await revealFolder(run.folder);
}

export async function revealFolder(path: string): Promise<void> {
  const folder = vscode.Uri.file(path);
  // The explorer shows what lies in the workspace; anything else is for the system's own file manager.
  const inside = vscode.workspace.getWorkspaceFolder(folder) !== undefined;
  await vscode.commands.executeCommand(inside ? "revealInExplorer" : "revealFileInOS", folder);
}

export async function copyRunPath(workbench: Workbench, target: unknown): Promise<void> {
  const run = await pickAny(workbench, target, vscode.l10n.t("Which run's path?"));
  if (run) await vscode.env.clipboard.writeText(run.folder);
}
