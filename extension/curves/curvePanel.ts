/** One panel with the curves of a run. */
import * as path from "node:path";
import * as vscode from "vscode";
import {
  type CurveRequest,
  type CurveRun,
  type CurvesHostMessage,
  type CurvesMessage,
  type ExportFormat,
  isCurvesHostMessage,
  isCurvesMessage,
} from "../../schemas/curvesView.ts";
import { inBackground } from "../failures.ts";
import type { Runs } from "../status/runs.ts";
import { datedText } from "../status/runText.ts";
import { linkPanel, type PanelSetup } from "../views/panelLink.ts";
import { showPage } from "../views/panelPage.ts";
import { saveExport } from "../views/saveExport.ts";
import type { RunToShow } from "../views/shown.ts";
import type { WorkerLink } from "../views/workerLink.ts";

export interface CurvePanelSetup extends PanelSetup {
  runs: Pick<Runs, "list" | "onDidChange">;
}

/** Joins panel, page and worker until the panel is closed. */
export class CurvePanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #run: RunToShow;
  readonly #setup: CurvePanelSetup;
  readonly #link: WorkerLink<CurveRequest, CurvesHostMessage>;
  /** The runs that the view was told of last. */
  #told = "";

  constructor(panel: vscode.WebviewPanel, run: RunToShow, setup: CurvePanelSetup) {
    const { extension, log } = setup;
    this.#panel = panel;
    this.#run = run;
    this.#setup = setup;
    const worker = { name: "curves", file: "curvesWorker.js", data: {}, accepts: isCurvesHostMessage };
    this.#link = linkPanel(panel, setup, worker);
    const watching = setup.runs.onDidChange(() => this.#tellRuns());
    panel.onDidDispose(() => watching.dispose());
    panel.webview.onDidReceiveMessage((message: unknown) => {
      if (isCurvesMessage(message)) this.#receive(message);
      else log.error("The view of curves sent a message that is not known; it was left alone.");
    });
    const title = vscode.l10n.t("Curves of {0}", run.title);
    showPage(panel, extension, { name: "curves", title, data: { "run-folder": run.folder, title: run.title } });
    this.#link.warm();
  }

  #receive(message: CurvesMessage): void {
    switch (message.kind) {
      case "request":
        this.#ask(message);
        break;
      case "here":
        this.#told = "";
        this.#tellRuns();
        break;
      case "openStep": {
        const run = this.#runs().find(({ folder }) => folder === message.run);
        if (run) this.#setup.openRollouts(run, { steps: [message.step, message.step] });
        break;
      }
      case "save":
        inBackground(this.#save(message), this.#setup.log);
    }
  }

  /** The view names runs by their folders; no other folder is read for it. */
  #ask(message: CurveRequest): void {
    if (this.#runs().some(({ folder }) => folder === message.params.run)) this.#link.receive(message);
    else {
      const sentence = "There is no such run any more; its folder was moved or deleted.";
      this.#post({ kind: "refusal", id: message.id, code: "gone", message: sentence });
    }
  }

  #runs(): CurveRun[] {
    const others = this.#setup.runs.list.filter(({ folder }) => folder !== this.#run.folder);
    const named = others.map((run) => ({ folder: run.folder, title: datedText(run) }));
    return [{ folder: this.#run.folder, title: this.#run.title }, ...named];
  }

  #tellRuns(): void {
    const runs = this.#runs();
    const text = JSON.stringify(runs);
    if (text === this.#told) return;
    this.#told = text;
    this.#post({ kind: "runs", runs });
  }

  #save({ format, data }: { format: ExportFormat; data: string }): Promise<void> {
    const { folder } = this.#run;
    return saveExport({ name: `${path.basename(folder)}-curves`, format, data, beside: path.dirname(folder) });
  }

  /** What is posted to a view that is hidden is lost, and may be. */
  #post(message: CurvesHostMessage): void {
    void this.#panel.webview.postMessage(message);
  }
}
