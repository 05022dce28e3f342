/** One panel that compares runs. */
import * as path from "node:path";
import * as vscode from "vscode";
import {
  type CompareHostMessage,
  type CompareMessage,
  type CompareRequest,
  isCompareHostMessage,
  isCompareMessage,
  type RowSource,
} from "../../schemas/compareView.ts";
import { inBackground } from "../failures.ts";
import { linkPanel, type PanelSetup } from "../views/panelLink.ts";
import { showPage } from "../views/panelPage.ts";
import { saveExport } from "../views/saveExport.ts";
import type { ListQuery, RunToShow } from "../views/shown.ts";
import type { WorkerLink } from "../views/workerLink.ts";

/** Rows are counted in an evaluation or in a probe, and that is where their rollouts are. */
const phases = { heldOut: "evaluation", training: "probe" } as const satisfies Record<RowSource, ListQuery["phase"]>;

/** Joins panel, page and worker until the panel is closed. */
export class ComparisonPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #runs: readonly RunToShow[];
  readonly #setup: PanelSetup;
  readonly #link: WorkerLink<CompareRequest, CompareHostMessage>;

  /** @param runs two or more; the others are compared with the first */
  constructor(panel: vscode.WebviewPanel, runs: readonly RunToShow[], title: string, setup: PanelSetup) {
    const { extension, log } = setup;
    this.#panel = panel;
    this.#runs = runs;
    this.#setup = setup;
    const worker = { name: "compare", file: "compareWorker.js", data: {}, accepts: isCompareHostMessage };
    this.#link = linkPanel(panel, setup, worker);
    panel.webview.onDidReceiveMessage((message: unknown) => {
      if (isCompareMessage(message)) this.#receive(message);
      else log.error("The comparison sent a message that is not known; it was left alone.");
    });
    showPage(panel, extension, { name: "compare", title, data: { runs: JSON.stringify(runs) } });
  }

  #receive(message: CompareMessage): void {
    const { openRollouts, log } = this.#setup;
    switch (message.kind) {
      case "request":
        this.#ask(message);
        break;
      case "choose":
        void vscode.commands.executeCommand(
          "toolexpander.compareRuns",
          this.#runs.map(({ folder }) => folder),
        );
        break;
      case "openStep": {
        const run = this.#run(message.run);
        if (run) openRollouts(run, { steps: [message.step, message.step] });
        break;
      }
      case "openSample": {
        const { sample, step, source } = message;
        const run = this.#run(message.run);
        if (run) openRollouts(run, { sample, steps: [step, step], phase: phases[source] });
        break;
      }
      case "save": {
        const { name, format, data } = message;
        const beside = path.dirname(this.#runs[0]?.folder ?? "");
        inBackground(saveExport({ name: `comparison-${name}`, format, data, beside }), log);
      }
    }
  }

  /** The view names runs by their folders; no other folder is read for it. */
  #ask(message: CompareRequest): void {
    const asked = message.method === "read" ? [message.params.run] : message.params.runs;
    if (asked.every((folder) => this.#run(folder))) this.#link.receive(message);
    else {
      const sentence = "The view asked for a run that it does not show.";
      this.#post({ kind: "refusal", id: message.id, code: "gone", message: sentence });
    }
  }

  #run(folder: string): RunToShow | undefined {
    return this.#runs.find((run) => run.folder === folder);
  }

  /** What is posted to a view that is hidden is lost, and may be. */
  #post(message: CompareHostMessage): void {
    void this.#panel.webview.postMessage(message);
  }
}
