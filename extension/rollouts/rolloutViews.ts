/** The rollout views of a window: one panel for each run, brought back by the editor after a reload. */
import * as vscode from "vscode";
import { KeptViews } from "./keptViews.ts";
import { type RunToShow, showRun } from "./rolloutPanel.ts";

export const ROLLOUTS_VIEW = "toolexpander.rollouts";

export class RolloutViews implements vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #kept: KeptViews;
  readonly #panels = new Map<string, vscode.WebviewPanel>();
  readonly #serializer: vscode.Disposable;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#extension = context.extensionUri;
    this.#log = log;
    this.#kept = new KeptViews(context.workspaceState);
    this.#serializer = vscode.window.registerWebviewPanelSerializer(ROLLOUTS_VIEW, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        const run = runOf(state);
        if (run) this.#show(panel, run);
        // A panel without its run can show nothing, and nothing could be done in it.
        else panel.dispose();
      },
    });
  }

  /** Shows the rollouts of a run: in its panel, where it has one. */
  open(runFolder: string, title: string): void {
    const panel = this.#panels.get(runFolder);
    if (panel) panel.reveal();
    else {
      const made = vscode.window.createWebviewPanel(ROLLOUTS_VIEW, title, vscode.ViewColumn.Active);
      this.#show(made, { folder: runFolder, title });
    }
  }

  dispose(): void {
    this.#serializer.dispose();
    for (const panel of this.#panels.values()) panel.dispose();
  }

  #show(panel: vscode.WebviewPanel, run: RunToShow): void {
    this.#panels.set(run.folder, panel);
    panel.onDidDispose(() => {
      if (this.#panels.get(run.folder) === panel) this.#panels.delete(run.folder);
    });
    showRun(panel, run, this.#extension, this.#kept, this.#log);
  }
}

/** The run in what the view kept of itself (webview/rollouts/state/persisted.ts); undefined where it names none. */
function runOf(state: unknown): RunToShow | undefined {
  const { runFolder, title } = (typeof state === "object" && state !== null ? state : {}) as {
    runFolder?: unknown;
    title?: unknown;
  };
  if (typeof runFolder !== "string" || runFolder === "") return undefined;
  return { folder: runFolder, title: typeof title === "string" && title !== "" ? title : runFolder };
}
