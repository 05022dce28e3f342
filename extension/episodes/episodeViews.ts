/** The views of episodes of a window: one panel for each run, and one for each file. */
import { episodesViewType } from "../commands/names.ts";
import type { PanelSetup } from "../views/panelLink.ts";
import { PanelSet } from "../views/panelSet.ts";
import { EpisodePanel } from "./episodePanel.ts";
import { type EpisodesToShow, episodesOf, keyOf, nameOf } from "./shownEpisodes.ts";

export class EpisodeViews extends PanelSet<EpisodesToShow, EpisodePanel> {
  constructor(setup: PanelSetup) {
    super(
      { viewType: episodesViewType, keyOf, titleOf: nameOf, read: episodesOf },
      (panel, shown) => new EpisodePanel(panel, shown, setup),
    );
  }
}
