/** Messages about runs that ended while this window watched, each with the way on. */
import * as vscode from "vscode";
import { plain } from "../../server/toolcalls/display.ts";
import { alarm, inform, warn } from "../window.ts";
import { LiveRuns, type RunNotice } from "./runChanges.ts";
import type { RunStatus } from "./runStatus.ts";
import type { Runs } from "./runs.ts";
import { accuracyChange, messageText, nameText } from "./runText.ts";

export class Notices implements vscode.Disposable {
  readonly #live = new LiveRuns();
  readonly #subscription: vscode.Disposable;

  constructor(runs: Runs) {
    this.#subscription = runs.onDidChange((list) => {
      for (const notice of this.#live.take(list)) void show(notice).then(undefined, () => {});
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

/** How a run ended that nobody could watch. */
export async function tellEnd(run: RunStatus): Promise<void> {
  const { phase } = run;
  if (phase === "finished" || phase === "failed" || phase === "interrupted") await show({ kind: phase, run });
}

async function show({ kind, run }: RunNotice): Promise<void> {
  const { l10n } = vscode;
  const name = nameText(run);
  const open = { title: l10n.t("Open Rollouts"), command: "toolexpander.openRollouts" };
  const resume = { title: l10n.t("Resume"), command: "toolexpander.resume" };
  const log = { title: l10n.t("Show Training Log"), command: "toolexpander.showTrainingLog" };
  switch (kind) {
    case "finished": {
      const accuracy = accuracyChange(run.details ?? {});
      const sentence = accuracy
        ? l10n.t("The run {0} has finished. Held-out accuracy: {1}.", name, accuracy)
        : l10n.t("The run {0} has finished.", name);
      return offer(inform, sentence, [open], run);
    }
    case "failed":
      return offer(alarm, l10n.t("The run {0} failed: {1}", name, messageText(run)), [log, resume], run);
    case "interrupted": {
      const sentence = l10n.t("The training of {0} ended without a word. It can go on from its last checkpoint.", name);
      return offer(warn, sentence, [resume, log], run);
    }
    case "unreachable": {
      const sentence = l10n.t("The training of {0} does not answer any more: {1}", name, messageText(run));
      return offer(warn, sentence, [log], run);
    }
    case "hard": {
      const sample = run.details?.pausedOn ?? "";
      const edit = { title: l10n.t("Edit Replacement"), command: "toolexpander.editReplacement" };
      const openSample = { title: l10n.t("Open Rollouts"), command: "toolexpander.openSample" };
      const sentence = l10n.t("The run {0} paused: the sample {1} was found hard.", name, plain(sample, 100));
      return offer(inform, sentence, [edit, openSample, resume], { folder: run.folder, sample });
    }
    case "gone":
      await warn(l10n.t("The folder of the live run {0} was moved or deleted: {1}", name, run.folder));
  }
}

/** @param target what the chosen command is called on */
async function offer(
  say: typeof inform,
  sentence: string,
  offered: readonly { title: string; command: string }[],
  { folder, sample }: { folder: string; sample?: string },
): Promise<void> {
  const chosen = await say(sentence, ...offered.map(({ title }) => title));
  const found = offered.find(({ title }) => title === chosen);
  if (found === undefined) return;
  await vscode.commands.executeCommand(found.command, { folder, ...(sample !== undefined && { sample }) });
}
