/** The views of curves of a window: one panel for each run, which others may be laid over. */
import { curvesViewType } from "../commands/names.ts";
import { PanelsByRun } from "../views/panelsByRun.ts";
import { CurvePanel, type CurvePanelSetup } from "./curvePanel.ts";

export class CurveViews extends PanelsByRun<CurvePanel> {
  constructor(setup: CurvePanelSetup) {
    super(curvesViewType, (panel, run) => new CurvePanel(panel, run, setup));
  }
}
