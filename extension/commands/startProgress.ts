/** What a start and a resume share: progress while the server comes up, and what is said when it has. */
import * as vscode from "vscode";
import { tellEnd } from "../status/notices.ts";
import type { Runs } from "../status/runs.ts";
import { nameText } from "../status/runText.ts";
import type { StartPhase, StartResult } from "../training/messages.ts";
import { inform, withProgress } from "../window.ts";
import type { Workbench } from "./workbench.ts";

function phaseMessage(phase: StartPhase, l10n: typeof vscode.l10n): string {
  switch (phase) {
    case "waiting":
      return l10n.t("another window is starting this experiment");
    case "copying":
      return l10n.t("copying the training server, once for each version");
    case "checking":
      return l10n.t("checking experiment, tools and samples");
    case "testing":
      return l10n.t("testing what computes best here");
    case "starting":
      return l10n.t("starting the training server");
  }
}

export function withStartProgress(runs: Runs, title: string, work: () => Promise<StartResult>): Promise<StartResult> {
  const options = { location: vscode.ProgressLocation.Notification, title };
  return Promise.resolve(
    withProgress(options, async (progress) => {
      const subscription = runs.onDidChangeStartPhase((phase) =>
        progress.report({ message: phaseMessage(phase, vscode.l10n) }),
      );
      try {
        return await work();
      } finally {
        subscription.dispose();
      }
    }),
  );
}

/** Opens the view of a run that was started, and says that it outlives the window; or says how it ended already. */
export async function tellStart({ runs, views }: Workbench, result: StartResult): Promise<void> {
  if (result.kind === "twins") return;
  const run = runs.find(result.folder) ?? (await runs.look()).find(({ folder }) => folder === result.folder);
  const name = run ? nameText(run) : result.folder;
  views.openRollouts({ folder: result.folder, title: name });
  if (result.kind === "ended") {
    if (run) void tellEnd(run).then(undefined, () => {});
    return;
  }
  const [stop, log] = [vscode.l10n.t("Stop"), vscode.l10n.t("Show Training Log")];
  const sentence = vscode.l10n.t(
    "{0} trains. It goes on when this window is closed or reloaded; Stop ends it with a checkpoint.",
    name,
  );
  void inform(sentence, stop, log).then((chosen) => {
    const command = chosen === stop ? "toolexpander.stop" : chosen === log ? "toolexpander.showTrainingLog" : undefined;
    if (command) void vscode.commands.executeCommand(command, { folder: result.folder });
  });
}
