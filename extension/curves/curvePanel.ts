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
import { nameText, timeText } from "../status/runText.ts";
import { showPage } from "../views/panelPage.ts";
import type { RunToShow } from "../views/shown.ts";
import { WorkerLink } from "../views/workerLink.ts";

export interface CurvePanelSetup {
  extension: vscode.Uri;
  log: vscode.LogOutputChannel;
  runs: Pick<Runs, "list" | "onDidChange">;
  openStep(run: RunToShow, step: number): void;
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
    this.#link = new WorkerLink({
      file: vscode.Uri.joinPath(extension, "dist", "curvesWorker.js").fsPath,
      name: "curves",
      data: {},
      accepts: isCurvesHostMessage,
      post: (message) => this.#post(message),
      log: (sentence) => log.error(sentence),
    });
    const watching = setup.runs.onDidChange(() => this.#tellRuns());
    panel.onDidDispose(() => {
      watching.dispose();
      this.#link[Symbol.dispose]();
    });
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
        if (run) this.#setup.openStep(run, message.step);
        break;
      }
      case "save":
        inBackground(this.#save(message.format, message.data), this.#setup.log);
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
    const named = others.map((run) => {
      const begun = run.details ? timeText(run.details.created) : run.id;
      return { folder: run.folder, title: `${nameText(run)} · ${begun}` };
    });
    return [{ folder: this.#run.folder, title: this.#run.title }, ...named];
  }

  #tellRuns(): void {
    const runs = this.#runs();
    const text = JSON.stringify(runs);
    if (text === this.#told) return;
    this.#told = text;
    this.#post({ kind: "runs", runs });
  }

  async #save(format: ExportFormat, data: string): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path.dirname(this.#run.folder));
    const name = `${path.basename(this.#run.folder)}-curves.${format}`;
    const target = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(folder, name),
      filters: format === "png" ? { PNG: ["png"] } : { CSV: ["csv"] },
    });
    if (!target) return;
    await vscode.workspace.fs.writeFile(target, Buffer.from(data, format === "png" ? "base64" : "utf8"));
    const open = vscode.l10n.t("Open File");
    const said = vscode.l10n.t("The curves were saved as {0}.", path.basename(target.fsPath));
    if ((await vscode.window.showInformationMessage(said, open)) === open) {
      await vscode.commands.executeCommand("vscode.open", target);
    }
  }

  /** What is posted to a view that is hidden is lost, and may be. */
  #post(message: CurvesHostMessage): void {
    void this.#panel.webview.postMessage(message);
  }
}
