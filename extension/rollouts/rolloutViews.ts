/** The rollout views of a window: one panel for each run. */
import type * as vscode from "vscode";
import { EVERYTHING } from "../../schemas/rolloutView.ts";
import { rolloutsViewType } from "../commands/names.ts";
import { PanelsByRun } from "../views/panelsByRun.ts";
import type { ListQuery, RunToShow } from "../views/shown.ts";
import { KeptViews } from "./keptViews.ts";
import { RolloutPanel } from "./rolloutPanel.ts";
import { SavedFilters } from "./savedFilters.ts";

export class RolloutViews extends PanelsByRun<RolloutPanel> {
  constructor({ extensionUri, workspaceState }: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    const memory = { kept: new KeptViews(workspaceState), filters: new SavedFilters(workspaceState) };
    super(rolloutsViewType, (panel, run) => new RolloutPanel(panel, run, extensionUri, memory, log));
  }

  /** @param only what is listed of the rollouts; without it the view is as it was left */
  override open(run: RunToShow, only?: Partial<ListQuery>): RolloutPanel {
    const panel = super.open(run);
    if (only) panel.go({ ...EVERYTHING, ...only });
    return panel;
  }
}
