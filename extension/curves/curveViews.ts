/** The views of curves of a window: one panel for each run, which others may be laid over. */
import type * as vscode from "vscode";
import { curvesViewType } from "../commands/names.ts";
import { PanelsByRun } from "../views/panelsByRun.ts";
import type { RunToShow } from "../views/shown.ts";
import { CurvePanel, type CurvePanelSetup } from "./curvePanel.ts";

export class CurveViews implements vscode.Disposable {
  readonly #panels: PanelsByRun<CurvePanel>;

  constructor(setup: CurvePanelSetup) {
    this.#panels = new PanelsByRun(curvesViewType, (panel, run) => new CurvePanel(panel, run, setup));
  }

  open(run: RunToShow): void {
    this.#panels.open(run);
  }

  get active(): string | undefined {
    return this.#panels.active;
  }

  restore(panel: vscode.WebviewPanel, state: unknown): void {
    this.#panels.restore(panel, state);
  }

  dispose(): void {
    this.#panels.dispose();
  }
}
