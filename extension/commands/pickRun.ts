/** Which run a command is about: the row it was called on, the only one that fits, or the one a person picks. */
import * as vscode from "vscode";
import { isLive, type RunStatus } from "../status/runStatus.ts";
import type { Runs } from "../status/runs.ts";
import { lineText, nameText, timeText } from "../status/runText.ts";
import { inform, pick, pickMany, warn } from "../window.ts";
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
  const items = fitting.map(itemOf);
  const options = { title: wanted.question, placeHolder: wanted.question, matchOnDetail: true };
  return (await pick(items, options))?.run;
}

/**
 * Several runs, at least two; undefined where there are no two, which has then been said, or where the person chose none.
 *
 * @param chosen folders of those that are chosen at first
 */
export async function pickRuns(
  runs: Runs,
  chosen: readonly string[],
  most: number,
): Promise<readonly RunStatus[] | undefined> {
  const all = runs.list.length > 1 ? runs.list : await runs.look();
  if (all.length < 2) {
    await sayNone(vscode.l10n.t("Comparing needs two runs, and this workspace has fewer."));
    return undefined;
  }
  const question = vscode.l10n.t("Which runs are compared? Two or more.");
  const items = all.map((run) => ({ ...itemOf(run), picked: chosen.includes(run.folder) }));
  const options = { title: question, placeHolder: question, matchOnDetail: true };
  const picked = (await pickMany(items, options))?.map(({ run }) => run);
  if (picked === undefined) return undefined;
  if (picked.length >= 2 && picked.length <= most) return inOrder(picked, chosen);
  const again = vscode.l10n.t("Choose Again");
  const said = vscode.l10n.t("{0} runs were chosen; two to {1} can be compared.", picked.length, most);
  if ((await warn(said, again)) !== again) return undefined;
  return pickRuns(
    runs,
    picked.map(({ folder }) => folder),
    most,
  );
}

/** Those that were chosen at first keep their order; the others come oldest first, as work goes on from a baseline. */
function inOrder(picked: readonly RunStatus[], chosen: readonly string[]): RunStatus[] {
  const place = ({ folder }: RunStatus): number => {
    const at = chosen.indexOf(folder);
    return at < 0 ? chosen.length : at;
  };
  return picked.toReversed().sort((a, b) => place(a) - place(b));
}

/** A run as it is offered to be picked. */
export const itemOf = (run: RunStatus) => ({
  label: nameText(run),
  description: run.details ? timeText(run.details.created) : run.id,
  detail: lineText(run, vscode.l10n),
  run,
});

async function sayNone(sentence: string): Promise<void> {
  const start = vscode.l10n.t("Start Training");
  if ((await inform(sentence, start)) === start) {
    await vscode.commands.executeCommand("toolexpander.startTraining");
  }
}
