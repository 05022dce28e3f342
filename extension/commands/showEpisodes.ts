/** Show Episodes: those of a run, or of a file of trajectories. */
import * as vscode from "vscode";
import { activeFile } from "../largeFiles/tabs.ts";
import type { RunStatus } from "../status/runStatus.ts";
import { nameText } from "../status/runText.ts";
import { inform, pick } from "../window.ts";
import { itemOf } from "./pickRun.ts";
import { folderOf } from "./target.ts";
import type { Workbench } from "./workbench.ts";

const TRAJECTORIES = "**/*.trajectories.jsonl";
const NOT_OURS = "**/{node_modules,.git,dist}/**";
const MOST = 1000;

/** @param target a run, or a file of trajectories of any name; without one what is in front decides */
export async function showEpisodes(workbench: Workbench, target: unknown): Promise<void> {
  const { views, runs } = workbench;
  const file = target instanceof vscode.Uri ? target : folderOf(target) === undefined ? fileInFront() : undefined;
  if (file) return views.openEpisodes({ file: file.fsPath });
  const folder = folderOf(target) ?? views.inFront("rollouts") ?? views.inFront("curves");
  const run = folder === undefined ? undefined : runs.find(folder);
  if (run) return openRun(workbench, run);
  const all = runs.list.length > 0 && folder === undefined ? runs.list : await runs.look();
  const found = all.find((one) => one.folder === folder);
  if (found) openRun(workbench, found);
  else await choose(workbench, all);
}

function fileInFront(): vscode.Uri | undefined {
  const file = activeFile();
  return file?.path.endsWith(".trajectories.jsonl") ? file : undefined;
}

function openRun({ views }: Workbench, run: RunStatus): void {
  views.openEpisodes({ folder: run.folder, title: nameText(run) });
}

async function choose(workbench: Workbench, runs: readonly RunStatus[]): Promise<void> {
  const found = await vscode.workspace.findFiles(TRAJECTORIES, NOT_OURS, MOST);
  const choices = [
    ...runs
      .filter(({ details }) => details?.ofEpisodes)
      .map((run) => ({ ...itemOf(run), open: () => openRun(workbench, run) })),
    ...found
      .filter(({ scheme }) => scheme === "file")
      .sort((a, b) => a.fsPath.localeCompare(b.fsPath))
      .map((uri) => ({
        label: vscode.workspace.asRelativePath(uri),
        description: vscode.l10n.t("trajectories"),
        open: () => workbench.views.openEpisodes({ file: uri.fsPath }),
      })),
  ];
  const [only] = choices;
  if (only === undefined) {
    const sentence = vscode.l10n.t(
      "No run of this workspace learns from episodes, and there is no file of trajectories (*.trajectories.jsonl). Generate one, or train with the preset spark.",
    );
    void inform(sentence);
    return;
  }
  if (choices.length === 1) return only.open();
  const question = vscode.l10n.t("Whose episodes?");
  const options = { title: question, placeHolder: question, matchOnDetail: true, matchOnDescription: true };
  (await pick(choices, options))?.open();
}
