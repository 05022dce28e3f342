/** One panel with the episodes of a run or of a file of trajectories. */
import * as vscode from "vscode";
import {
  type EpisodeRequest,
  type EpisodesHostMessage,
  isEpisodesHostMessage,
  isEpisodesMessage,
} from "../../schemas/episodesView.ts";
import { linkPanel, type PanelSetup } from "../views/panelLink.ts";
import { showPage } from "../views/panelPage.ts";
import { type EpisodesToShow, isFile, nameOf } from "./shownEpisodes.ts";

/** Joins panel, page and worker until the panel is closed. */
export class EpisodePanel {
  constructor(panel: vscode.WebviewPanel, shown: EpisodesToShow, setup: PanelSetup) {
    const { extension, log, openRollouts } = setup;
    const link = linkPanel<EpisodeRequest, EpisodesHostMessage>(panel, setup, {
      name: "episodes",
      file: "episodesWorker.js",
      data: isFile(shown) ? { file: shown.file } : { runDir: shown.folder },
      accepts: isEpisodesHostMessage,
    });
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
