/** A view of episodes that only asks and listens. */
import {
  type EpisodeQuery,
  type EpisodeResult,
  type EpisodesHostMessage,
  EVERY_EPISODE,
  type episodeRequests,
  isEpisodesHostMessage,
  MOST_EPISODES,
} from "../../../schemas/episodesView.ts";
import { Asker } from "../../views/testing/asker.ts";
import type { EpisodeSource } from "../worker/episodeSource.ts";
import { EpisodeSession } from "../worker/session.ts";

export class Listener extends Asker<typeof episodeRequests, EpisodesHostMessage, EpisodeSession> {
  constructor(source: EpisodeSource) {
    super(isEpisodesHostMessage, (post) => new EpisodeSession(source, post));
  }

  open(changes: Partial<EpisodeQuery> = {}): Promise<EpisodeResult<"open">> {
    return this.ask("open", { query: { ...EVERY_EPISODE, ...changes }, count: MOST_EPISODES, around: null });
  }

  /** Ids of the questions that a query lists. */
  async questions(changes: Partial<EpisodeQuery> = {}): Promise<string[]> {
    const { rows } = await this.open(changes);
    return rows.map(({ question }) => question);
  }
}
