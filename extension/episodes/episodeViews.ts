/** The views of episodes of a window: one panel for each run, and one for each file. */
import { episodesViewType } from "../commands/names.ts";
import { PanelSet } from "../views/panelSet.ts";
import { EpisodePanel, type EpisodePanelSetup } from "./episodePanel.ts";
import { type EpisodesToShow, episodesOf, keyOf, nameOf } from "./shownEpisodes.ts";

export class EpisodeViews extends PanelSet<EpisodesToShow, EpisodePanel> {
  constructor(setup: EpisodePanelSetup) {
    super(
      { viewType: episodesViewType, keyOf, titleOf: nameOf, read: episodesOf },
      (panel, shown) => new EpisodePanel(panel, shown, setup),
    );
  }
}
