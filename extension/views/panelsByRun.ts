/** Panels of one kind, at most one for each run. */
import type * as vscode from "vscode";
import { PanelSet } from "./panelSet.ts";
import { type RunToShow, runOf } from "./shown.ts";

export class PanelsByRun<Panel> extends PanelSet<RunToShow, Panel> {
  /** @param make joins a panel and the run that it shows */
  constructor(viewType: string, make: (panel: vscode.WebviewPanel, run: RunToShow) => Panel) {
    super({ viewType, keyOf: ({ folder }) => folder, titleOf: ({ title }) => title, read: runOf }, make);
  }
}
