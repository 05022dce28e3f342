/** Generate Trajectories. */
import * as vscode from "vscode";
import { pickExperiment } from "./experiments.ts";
import { canTrain, hasWorkspace, isTrusted } from "./requirements.ts";
import type { Workbench } from "./workbench.ts";

export async function generateTrajectories({ context, runs, generation }: Workbench, target: unknown): Promise<void> {
  const distrust = vscode.l10n.t(
    "Generating trajectories runs the functions and the model of this workspace, so it waits until you trust the workspace.",
  );
  if (!canTrain(context) || !(await hasWorkspace()) || !(await isTrusted(distrust))) return;
  const question = vscode.l10n.t("For which experiment are trajectories to be generated?");
  const experiment = await pickExperiment(runs, target, question);
  if (experiment === undefined) return;
  // What is seen in the editor is what is meant; the process reads the files from the disk.
  if (!(await vscode.workspace.saveAll(false))) return;
  await generation.generations.generate(experiment.fsPath);
}
