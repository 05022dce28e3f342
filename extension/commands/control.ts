/** Pause, Resume, Stop. */
import * as vscode from "vscode";
import { canPause, canResume, canStop, needsServer } from "../status/runStatus.ts";
import { nameText } from "../status/runText.ts";
import { inform } from "../window.ts";
import { pickRun } from "./pickRun.ts";
import { canTrain, isTrusted } from "./requirements.ts";
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

/** Pause on Next Hard Sample: takes the wish back where it stands already. */
export async function pauseOnHard({ runs }: Workbench, target: unknown): Promise<void> {
  const run = await pickRun(runs, target, {
    fits: canStop,
    question: vscode.l10n.t("Which run is to pause on its next hard sample?"),
    none: vscode.l10n.t("No run lives that could find a hard sample."),
  });
  if (!run) return;
  const { on, reason } = await runs.pauseOnHard(run.folder, !run.details?.pauseOnHard);
  const sentence = on
    ? vscode.l10n.t("The run {0} pauses where a probe finds the next hard sample.", nameText(run))
    : (reason ?? vscode.l10n.t("The run {0} goes on when a sample is found hard.", nameText(run)));
  void inform(sentence);
}

export async function resumeRun(workbench: Workbench, target: unknown): Promise<void> {
  const { runs } = workbench;
  const run = await pickRun(runs, target, {
    fits: canResume,
    question: vscode.l10n.t("Which run is to go on?"),
    none: vscode.l10n.t("No run is paused, stopped or interrupted that could go on."),
  });
  if (!run || !(await isTrusted())) return;
  if (!needsServer(run)) {
    await runs.resume(run.folder);
    return;
  }
  if (!canTrain(workbench.context)) return;
  const title = vscode.l10n.t("Resuming {0}", nameText(run));
  const result = await withStartProgress(runs, title, () => runs.resume(run.folder));
  await tellStart(workbench, result);
}
