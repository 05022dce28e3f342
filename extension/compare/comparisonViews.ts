/** The comparisons of a window: one panel for each set of runs. */
import * as vscode from "vscode";
import { compareViewType } from "../commands/names.ts";
import type { PanelSetup } from "../views/panelLink.ts";
import { PanelSet } from "../views/panelSet.ts";
import { type RunToShow, runsOf } from "../views/shown.ts";
import { ComparisonPanel } from "./comparisonPanel.ts";

export class ComparisonViews extends PanelSet<readonly RunToShow[], ComparisonPanel> {
  constructor(setup: PanelSetup) {
    super(
      {
        viewType: compareViewType,
        keyOf: (runs) => JSON.stringify(runs.map(({ folder }) => folder)),
        titleOf,
        read: runsOf,
      },
      (panel, runs) => new ComparisonPanel(panel, runs, titleOf(runs), setup),
    );
  }
}

const titleOf = (runs: readonly RunToShow[]): string => vscode.l10n.t("Comparison of {0} Runs", runs.length);
