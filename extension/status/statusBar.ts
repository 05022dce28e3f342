/** One status bar item for what trains now. */
import * as vscode from "vscode";
import { isLive, type RunStatus } from "./runStatus.ts";
import type { Runs } from "./runs.ts";
import { statusText } from "./statusText.ts";

export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #subscription: vscode.Disposable;

  constructor(runs: Runs) {
    this.#item = vscode.window.createStatusBarItem("toolexpander.live", vscode.StatusBarAlignment.Left);
    this.#item.name = vscode.l10n.t("ToolExpander: live runs");
    this.#subscription = runs.onDidChange((list) => this.#show(list));
  }

  #show(runs: readonly RunStatus[]): void {
    const status = statusText(runs, vscode.l10n);
    if (status === undefined) {
      this.#item.hide();
      return;
    }
    this.#item.text = status.text;
    this.#item.tooltip = status.tooltip;
    this.#item.accessibilityInformation = { label: status.spoken, role: "button" };
    const live = runs.filter(isLive);
    // Of several, the command asks which.
    this.#item.command = {
      command: "toolexpander.openRollouts",
      title: vscode.l10n.t("Open Rollouts"),
      arguments: live.length === 1 ? [{ folder: live[0]?.folder }] : [{ live: true }],
    };
    this.#item.show();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }
}
