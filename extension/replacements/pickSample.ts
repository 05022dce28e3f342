/** Which sample, and which file: asked of a person, or taken from what a command was called on. */
import * as vscode from "vscode";
import { REPLACEMENT_SUFFIX } from "../../server/toolcalls/replacementName.ts";
import { inform, pick } from "../window.ts";
import type { HardSample } from "./messages.ts";

/** Undefined where the person chose none, or there is none, which has then been said. */
export async function pickSample(hard: readonly HardSample[], live: boolean): Promise<string | undefined> {
  if (hard.length === 0) {
    const sentence = live
      ? vscode.l10n.t("The run has found no hard sample yet. Its probe looks for them before the first step.")
      : vscode.l10n.t("The run has found no hard sample.");
    void inform(sentence);
    return undefined;
  }
  const items = hard.map(({ id, query, state, tools, failed, edited }) => ({
    label: id,
    description: edited ? vscode.l10n.t("{0}, has a file", state) : state,
    detail: vscode.l10n.t("{0} · {1} · failed probes: {2}", query, tools.join(", "), failed),
    id,
  }));
  const title = vscode.l10n.t("Which hard sample is to be edited?");
  const options = { title, placeHolder: title, matchOnDescription: true, matchOnDetail: true };
  return (await pick(items, options))?.id;
}

/** The file that a command was called on; other extensions and key bindings may call it with anything. */
export function fileOf(target: unknown): vscode.Uri | undefined {
  return target instanceof vscode.Uri && target.path.endsWith(REPLACEMENT_SUFFIX) ? target : undefined;
}

/** The replacement in the active tab, shown as an editor of any kind. */
export function openFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText) return fileOf(input.uri);
  return undefined;
}
