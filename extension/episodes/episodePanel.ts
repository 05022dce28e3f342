/** One panel with the episodes of a run or of a file of trajectories. */
import * as vscode from "vscode";
import {
  type EpisodeRequest,
  type EpisodesHostMessage,
  isEpisodesHostMessage,
  isEpisodesMessage,
} from "../../schemas/episodesView.ts";
import { showPage } from "../views/panelPage.ts";
import type { ListQuery, RunToShow } from "../views/shown.ts";
import { WorkerLink } from "../views/workerLink.ts";
import { type EpisodesToShow, isFile, nameOf } from "./shownEpisodes.ts";

export interface EpisodePanelSetup {
  extension: vscode.Uri;
  log: vscode.LogOutputChannel;
  openRollouts(run: RunToShow, only: Partial<ListQuery>): void;
}

/** Joins panel, page and worker until the panel is closed. */
export class EpisodePanel {
  constructor(panel: vscode.WebviewPanel, shown: EpisodesToShow, { extension, log, openRollouts }: EpisodePanelSetup) {
    const link = new WorkerLink<EpisodeRequest, EpisodesHostMessage>({
      file: vscode.Uri.joinPath(extension, "dist", "episodesWorker.js").fsPath,
      name: "episodes",
      data: isFile(shown) ? { file: shown.file } : { runDir: shown.folder },
      accepts: isEpisodesHostMessage,
      // What is posted to a view that is hidden is lost, and may be.
      post: (message) => void panel.webview.postMessage(message),
      log: (sentence) => log.error(sentence),
    });
    panel.onDidDispose(() => link[Symbol.dispose]());
    panel.onDidChangeViewState(() => link.setVisible(panel.visible));
    panel.webview.onDidReceiveMessage((message: unknown) => {
      if (!isEpisodesMessage(message))
        log.error("The view of episodes sent a message that is not known; it was left alone.");
      else if (message.kind === "request") link.receive(message);
      else if (!isFile(shown)) openRollouts(shown, {});
    });
    link.setVisible(panel.visible);
    const title = vscode.l10n.t("Episodes of {0}", nameOf(shown));
    const data = isFile(shown) ? { file: shown.file } : { "run-folder": shown.folder };
    showPage(panel, extension, { name: "episodes", title, data: { ...data, title: nameOf(shown) } });
    link.warm();
  }
}
