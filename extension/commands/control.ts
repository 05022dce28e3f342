/** Pause, Resume, Stop. */
import * as vscode from "vscode";
import { canPause, canResume, canStop, needsServer } from "../status/runStatus.ts";
import { nameText } from "../status/runText.ts";
import { pickRun } from "./pickRun.ts";
import { isTrusted } from "./requirements.ts";
import { tellStart, withStartProgress } from "./startProgress.ts";
import type { Workbench } from "./workbench.ts";

export async function pauseRun({ runs }: Workbench, target: unknown): Promise<void> {
  const run = await pickRun(runs, target, {
    fits: canPause,
    question: vscode.l10n.t("Which run is to pause?"),
    none: vscode.l10n.t("No run is training that could be paused."),
  });
  if (run) await runs.pause(run.folder);
}

export async function stopRun({ runs }: Workbench, target: unknown): Promise<void> {
  const run = await pickRun(runs, target, {
    fits: canStop,
    question: vscode.l10n.t("Which run is to stop?"),
    none: vscode.l10n.t("No run lives that could be stopped."),
  });
  if (run) await runs.stop(run.folder);
}

export async function resumeRun(workbench: Workbench, target: unknown): Promise<void> {
  const { runs } = workbench;
  const run = await pickRun(runs, target, {
    fits: canResume,
    question: vscode.l10n.t("Which run is to go on?"),
    none: vscode.l10n.t("No run is paused, stopped or interrupted that could go on."),
  });
  if (!run) return;
  if (!needsServer(run)) {
    await runs.resume(run.folder);
    return;
  }
  if (!(await isTrusted())) return;
  const title = vscode.l10n.t("Resuming {0}", nameText(run));
  const result = await withStartProgress(runs, title, () => runs.resume(run.folder));
  await tellStart(workbench, result);
}
