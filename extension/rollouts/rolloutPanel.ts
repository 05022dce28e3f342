/** One panel with the rollout view of one run. */
import * as vscode from "vscode";
import {
  type Go,
  type HostMessage,
  isHostMessage,
  isViewMessage,
  type WorkerMessage,
} from "../../schemas/rolloutView.ts";
import { linkPanel } from "../views/panelLink.ts";
import { showPage } from "../views/panelPage.ts";
import type { ListQuery, RunToShow } from "../views/shown.ts";
import type { KeptViews } from "./keptViews.ts";
import type { SavedFilters } from "./savedFilters.ts";

/** What the views of rollouts remember beyond a panel. */
export interface ViewMemory {
  kept: KeptViews;
  filters: SavedFilters;
}

/** Joins panel, page and worker until the panel is closed. */
export class RolloutPanel {
  readonly #panel: vscode.WebviewPanel;
  /** What the view was asked to show and has not yet said to have heard of. */
  #going: Go | undefined;
  #wishes = 0;

  constructor(
    panel: vscode.WebviewPanel,
    { folder, title }: RunToShow,
    extension: vscode.Uri,
    { kept: keptViews, filters }: ViewMemory,
    log: vscode.LogOutputChannel,
  ) {
    this.#panel = panel;
    const worker = { name: "rollouts", file: "storeWorker.js", data: { runDir: folder }, accepts: isHostMessage };
    const link = linkPanel<WorkerMessage, HostMessage>(panel, { extension, log }, worker);
    const sayFilters = () => this.#post({ kind: "filters", filters: filters.get() });
    const unheard = filters.onChange(sayFilters);
    panel.onDidDispose(unheard);
    panel.onDidChangeViewState(() => link.setVisible(panel.visible));
    panel.webview.onDidReceiveMessage((message: unknown) => {
      if (!isViewMessage(message)) {
        log.error("The rollout view sent a message that is not known; it was left alone.");
        return;
      }
      switch (message.kind) {
        case "keep":
          return void keptViews.keep(folder, message.view);
        case "keepFilters":
          return void filters.keep(message.filters);
        case "here":
          sayFilters();
          return this.#sayGo();
        case "went":
          return this.#went(message.number);
        case "editReplacement":
          return void vscode.commands.executeCommand("toolexpander.editReplacement", folder, message.sample);
        case "showEpisodes":
          return void vscode.commands.executeCommand("toolexpander.showEpisodes", folder);
        case "promoteRollout":
          return void vscode.commands.executeCommand("toolexpander.promoteRollout", { ...message, folder });
        default:
          link.receive(message);
      }
    });
    link.setVisible(panel.visible);
    const kept = JSON.stringify(keptViews.get(folder) ?? null);
    showPage(panel, extension, { name: "rollouts", title, data: { "run-folder": folder, title, kept } });
    link.warm();
  }

  /** Makes the view show what the query gives, now or as soon as it listens. */
  go(query: ListQuery): void {
    this.#going = { kind: "go", number: ++this.#wishes, query };
    this.#sayGo();
  }

  #sayGo(): void {
    if (this.#going) this.#post(this.#going);
  }

  #went(number: number): void {
    if (this.#going?.number === number) this.#going = undefined;
  }

  /** What is posted to a view that is hidden is lost, and may be. */
  #post(message: HostMessage): void {
    void this.#panel.webview.postMessage(message);
  }
}
