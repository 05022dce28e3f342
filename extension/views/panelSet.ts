/** Panels of one kind: at most one for each thing that is shown, brought back by the editor after a reload. */
import * as vscode from "vscode";

export interface PanelKind<Shown> {
  viewType: string;
  /** Equal where the same is shown. */
  keyOf(shown: Shown): string;
  titleOf(shown: Shown): string;
  /** What a view kept of what it shows; undefined where it is nothing of the kind. */
  read(state: unknown): Shown | undefined;
}

export class PanelSet<Shown, Panel> implements vscode.Disposable {
  readonly #kind: PanelKind<Shown>;
  readonly #make: (panel: vscode.WebviewPanel, shown: Shown) => Panel;
  readonly #panels = new Map<string, { panel: vscode.WebviewPanel; made: Panel }>();

  /** @param make joins a panel and what it shows */
  constructor(kind: PanelKind<Shown>, make: (panel: vscode.WebviewPanel, shown: Shown) => Panel) {
    this.#kind = kind;
    this.#make = make;
  }

  /** The panel in front, made where there is none. */
  open(shown: Shown): Panel {
    const known = this.#panels.get(this.#kind.keyOf(shown));
    if (known) {
      known.panel.reveal();
      return known.made;
    }
    const { viewType, titleOf } = this.#kind;
    return this.#show(vscode.window.createWebviewPanel(viewType, titleOf(shown), vscode.ViewColumn.Active), shown);
  }

  /** Key of the panel that has the focus. */
  get active(): string | undefined {
    return [...this.#panels].find(([, { panel }]) => panel.active)?.[0];
  }

  /** Takes over a panel that the editor brings back. One that does not know what it showed can show nothing. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const shown = this.#kind.read(state);
    if (shown === undefined) panel.dispose();
    else this.#show(panel, shown);
  }

  dispose(): void {
    for (const { panel } of this.#panels.values()) panel.dispose();
  }

  #show(panel: vscode.WebviewPanel, shown: Shown): Panel {
    const key = this.#kind.keyOf(shown);
    const made = this.#make(panel, shown);
    this.#panels.set(key, { panel, made });
    panel.onDidDispose(() => {
      if (this.#panels.get(key)?.panel === panel) this.#panels.delete(key);
    });
    return made;
  }
}
