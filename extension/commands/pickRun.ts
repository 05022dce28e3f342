/** Which run a command is about: the row it was called on, the only one that fits, or the one a person picks. */
import * as vscode from "vscode";
import { isLive, type RunStatus } from "../status/runStatus.ts";
import type { Runs } from "../status/runs.ts";
import { lineText, nameText, timeText } from "../status/runText.ts";
import { folderOf, onlyLive } from "./target.ts";

export interface Wanted {
  fits: (run: RunStatus) => boolean;
  /** Asked where several fit. */
  question: string;
  /** Said where none fits. */
  none: string;
}

/** Undefined where there is none, which has then been said, or where the person chose none. */
export async function pickRun(runs: Runs, target: unknown, wanted: Wanted): Promise<RunStatus | undefined> {
  const folder = folderOf(target);
  if (folder !== undefined) return runs.find(folder) ?? (await runs.look()).find((run) => run.folder === folder);
  const all = runs.list.length > 0 ? runs.list : await runs.look();
  const fitting = all.filter((run) => wanted.fits(run) && (!onlyLive(target) || isLive(run)));
  if (fitting.length <= 1) {
    if (fitting.length === 0) await sayNone(wanted.none);
    return fitting[0];
  }
  const items = fitting.map((run) => ({
    label: nameText(run),
    description: run.details ? timeText(run.details.created) : run.id,
    detail: lineText(run, vscode.l10n),
    run,
  }));
  const options = { title: wanted.question, placeHolder: wanted.question, matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.run;
}

async function sayNone(sentence: string): Promise<void> {
  const start = vscode.l10n.t("Start Training");
  if ((await vscode.window.showInformationMessage(sentence, start)) === start) {
    await vscode.commands.executeCommand("toolexpander.startTraining");
  }
}
