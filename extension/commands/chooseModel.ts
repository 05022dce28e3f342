/** Choose Model: writes the model of an experiment, from what is on this machine already. */
import { isAbsolute } from "node:path";
import * as vscode from "vscode";
import { allowFolder } from "../settings.ts";
import type { CachedModels } from "../training/messages.ts";
import { pick, warn } from "../window.ts";
import { modelEdits, modelPath } from "../workspace/modelEdit.ts";
import { pickExperiment } from "./experiments.ts";
import type { Workbench } from "./workbench.ts";

interface ModelItem extends vscode.QuickPickItem {
  model?: string;
  problem?: string;
}

export async function chooseModel({ runs }: Workbench, target: unknown): Promise<void> {
  const experiment = await pickExperiment(runs, target, vscode.l10n.t("Which experiment is to get another model?"));
  if (experiment === undefined) return;
  const model = await pickModel(await runs.models(), experiment);
  if (model !== undefined) await writeModel(experiment, model);
}

/** Undefined where the person chose none. */
async function pickModel(found: CachedModels, experiment: vscode.Uri): Promise<string | undefined> {
  const browse: ModelItem = {
    label: vscode.l10n.t("Browse for a folder…"),
    iconPath: new vscode.ThemeIcon("folder-opened"),
    detail: vscode.l10n.t("A Hugging Face model directory: config.json, safetensors, tokenizer and chat template."),
  };
  const title = vscode.l10n.t("The model of {0}", vscode.workspace.asRelativePath(experiment));
  const placeHolder = placeHolderOf(found);
  const options = { title, placeHolder, matchOnDescription: true, matchOnDetail: true };
  const item = await pick([...modelItems(found), browse], options);
  if (item === undefined) return undefined;
  if (item.problem !== undefined) {
    void warn(vscode.l10n.t("{0} cannot be trained: {1}", item.label, item.problem));
    return undefined;
  }
  return item.model ?? browseFor(experiment);
}

function placeHolderOf({ models, cache }: CachedModels): string {
  if (models.length > 0) return vscode.l10n.t("Models of the Hugging Face cache, {0}", cache);
  return vscode.l10n.t(
    "No model in the Hugging Face cache, {0}. Download one in a terminal: hf download Qwen/Qwen2.5-0.5B-Instruct",
    cache,
  );
}

function modelItems({ models }: CachedModels): ModelItem[] {
  const toldText = vscode.l10n.t(
    "The system message tells it of its tools: its chat template has no form of calls that rewards read.",
  );
  return models.map(({ id, family, dtype, size, told, problem }) => ({
    label: id,
    description: [family, dtype, size].filter((fact) => fact !== "").join(" · "),
    model: id,
    ...(told ? { detail: toldText } : {}),
    ...(problem === undefined ? {} : { problem, detail: problem, iconPath: new vscode.ThemeIcon("circle-slash") }),
  }));
}

async function browseFor(experiment: vscode.Uri): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Which folder holds the model?"),
    openLabel: vscode.l10n.t("Choose Model"),
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    defaultUri: vscode.Uri.joinPath(experiment, ".."),
  });
  const folder = chosen?.[0]?.fsPath;
  if (folder === undefined) return undefined;
  const path = modelPath(folder, experiment.fsPath, vscode.workspace.getWorkspaceFolder(experiment)?.uri.fsPath);
  // Whoever chose it in a dialog means it to be read.
  if (isAbsolute(path)) await allowFolder(folder);
  return path;
}

/** In the editor, where the person sees it and can take it back. */
async function writeModel(experiment: vscode.Uri, model: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(experiment);
  await vscode.window.showTextDocument(document);
  const edits = modelEdits(document.getText(), model);
  const change = new vscode.WorkspaceEdit();
  for (const { offset, length, content } of edits) {
    const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
    change.replace(experiment, range, content);
  }
  if (edits.length > 0 && (await vscode.workspace.applyEdit(change))) return;
  void warn(
    vscode.l10n.t(
      "{0} is no JSON object yet, so no model could be written into it.",
      vscode.workspace.asRelativePath(experiment),
    ),
  );
}
