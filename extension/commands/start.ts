/** Start Training and Debug Training. */
import * as vscode from "vscode";
import { deviceOverride } from "../settings.ts";
import { nameText } from "../status/runText.ts";
import type { StartResult } from "../training/messages.ts";
import { warn } from "../window.ts";
import { pickExperiment } from "./experiments.ts";
import { canTrain, hasWorkspace, isTrusted } from "./requirements.ts";
import { tellStart, withStartProgress } from "./startProgress.ts";
import type { Workbench } from "./workbench.ts";

export async function startTraining(
  workbench: Workbench,
  target: unknown,
  { debug }: { debug: boolean },
): Promise<void> {
  if (!canTrain(workbench.context) || !(await hasWorkspace()) || !(await isTrusted())) return;
  const experiment = await pickExperiment(workbench.runs, target, vscode.l10n.t("Which experiment is to be trained?"));
  if (experiment === undefined) return;
  // What is seen in the editor is what is meant; the run reads the files from the disk.
  if (!(await vscode.workspace.saveAll(false))) return;
  const result = await start(workbench, experiment, debug, false);
  if (result.kind !== "twins") return begun(workbench, result, debug);
  if (await wantsAnother(workbench, result.folders))
    await begun(workbench, await start(workbench, experiment, debug, true), debug);
}

function start({ runs }: Workbench, experiment: vscode.Uri, inspect: boolean, another: boolean): Promise<StartResult> {
  const title = vscode.l10n.t("Starting {0}", vscode.workspace.asRelativePath(experiment));
  const params = { experiment: experiment.fsPath, another, inspect, ...deviceOverride() };
  return withStartProgress(runs, title, () => runs.start(params));
}

async function begun(workbench: Workbench, result: StartResult, debug: boolean): Promise<void> {
  await tellStart(workbench, result);
  if (debug && result.kind === "live" && result.inspector !== undefined) await attachDebugger(result.inspector);
}

/** Shows the run there is where that is what the person wants. */
async function wantsAnother({ runs, views }: Workbench, folders: readonly string[]): Promise<boolean> {
  const twin = runs.find(folders[0] ?? "");
  const [open, another] = [vscode.l10n.t("Open Its Rollouts"), vscode.l10n.t("Start Another")];
  const chosen = await warn(
    vscode.l10n.t("A run of this experiment lives already: {0}.", twin?.id ?? folders.join(", ")),
    { modal: true, detail: vscode.l10n.t("Two runs share this machine's processors and memory.") },
    open,
    another,
  );
  if (chosen === open && twin) views.openRollouts({ folder: twin.folder, title: nameText(twin) });
  return chosen === another;
}

async function attachDebugger(port: number): Promise<void> {
  const attached = await vscode.debug.startDebugging(undefined, {
    type: "node",
    request: "attach",
    name: vscode.l10n.t("ToolExpander training server"),
    address: "127.0.0.1",
    port,
    continueOnAttach: true,
    skipFiles: ["<node_internals>/**"],
  });
  if (attached) return;
  void warn(
    vscode.l10n.t("No debugger could be attached. The run goes on; its inspector listens on 127.0.0.1:{0}.", port),
  );
}
