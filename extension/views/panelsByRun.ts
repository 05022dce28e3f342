/** Panels of one kind: at most one for each run, brought back by the editor after a reload. */
import * as vscode from "vscode";
import { type RunToShow, runOf } from "./shown.ts";

export class PanelsByRun<Panel> implements vscode.Disposable {
  readonly #viewType: string;
  readonly #make: (panel: vscode.WebviewPanel, run: RunToShow) => Panel;
  readonly #panels = new Map<string, { panel: vscode.WebviewPanel; made: Panel }>();

  /** @param make joins a panel and what it shows */
  constructor(viewType: string, make: (panel: vscode.WebviewPanel, run: RunToShow) => Panel) {
    this.#viewType = viewType;
    this.#make = make;
  }

  /** The panel of a run in front, made where there is none. */
  open(run: RunToShow): Panel {
    const known = this.#panels.get(run.folder);
    if (!known)
      return this.#show(vscode.window.createWebviewPanel(this.#viewType, run.title, vscode.ViewColumn.Active), run);
    known.panel.reveal();
    return known.made;
  }

  /** Folder of the run whose panel has the focus. */
  get active(): string | undefined {
    return [...this.#panels].find(([, { panel }]) => panel.active)?.[0];
  }

  /** Takes over a panel that the editor brings back. A panel without its run can show nothing, and nothing could be done in it. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const run = runOf(state);
    if (run) this.#show(panel, run);
    else panel.dispose();
  }

  dispose(): void {
    for (const { panel } of this.#panels.values()) panel.dispose();
  }

  #show(panel: vscode.WebviewPanel, run: RunToShow): Panel {
    const made = this.#make(panel, run);
    this.#panels.set(run.folder, { panel, made });
    panel.onDidDispose(() => {
      if (this.#panels.get(run.folder)?.panel === panel) this.#panels.delete(run.folder);
    });
    return made;
  }
}
