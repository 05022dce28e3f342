/** The rollout views of a window: one panel for each run. */
import * as vscode from "vscode";
import { EVERYTHING } from "../../schemas/rolloutView.ts";
import { rolloutsViewType } from "../commands/names.ts";
import { type ListQuery, type RunToShow, runOf } from "../views/shown.ts";
import { KeptViews } from "./keptViews.ts";
import { RolloutPanel } from "./rolloutPanel.ts";

export class RolloutViews implements vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #kept: KeptViews;
  readonly #panels = new Map<string, RolloutPanel>();

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#extension = context.extensionUri;
    this.#log = log;
    this.#kept = new KeptViews(context.workspaceState);
  }

  /**
   * Shows the rollouts of a run: in its panel, where it has one.
   *
   * @param only what is listed of them; without it the view is as it was left
   */
  open(run: RunToShow, only?: Partial<ListQuery>): void {
    let panel = this.#panels.get(run.folder);
    if (panel) panel.reveal();
    else
      panel = this.#show(vscode.window.createWebviewPanel(rolloutsViewType, run.title, vscode.ViewColumn.Active), run);
    if (only) panel.go({ ...EVERYTHING, ...only });
  }

  /** Takes over a panel that the editor brings back. A panel without its run can show nothing, and nothing could be done in it. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const run = runOf(state);
    if (run) this.#show(panel, run);
    else panel.dispose();
  }

  dispose(): void {
    for (const panel of this.#panels.values()) panel.dispose();
  }

  #show(webviewPanel: vscode.WebviewPanel, run: RunToShow): RolloutPanel {
    const panel = new RolloutPanel(webviewPanel, run, this.#extension, this.#kept, this.#log);
    this.#panels.set(run.folder, panel);
    webviewPanel.onDidDispose(() => {
      if (this.#panels.get(run.folder) === panel) this.#panels.delete(run.folder);
    });
    return panel;
  }
}
