/** What the editor keeps of the view while it is hidden and over reloads. */
import {
  type EpisodeKey,
  type EpisodeQuery,
  EVERY_EPISODE,
  isEpisodeKey,
  isEpisodeQuery,
} from "../../../schemas/episodesView.ts";

export interface Persisted {
  /** What is shown is the panel's: it finds it here when the editor brings the view back. One of the two is there. */
  runFolder?: string;
  file?: string;
  title: string;
  query: EpisodeQuery;
  /** The first row that was seen; null at the top. */
  anchor: EpisodeKey | null;
  selected: EpisodeKey | null;
  /** Whether the selected episode is open, and at which turn. */
  detail: boolean;
  turn: number;
  /** Whether all turns are unfolded. */
  unfolded: boolean;
}

/** What an older version kept, or nobody, is no reason to fail: the view is as it is at first. */
export function restore(kept: unknown, shown: Pick<Persisted, "runFolder" | "file" | "title">): Persisted {
  const { query, anchor, selected, detail, turn, unfolded } = (
    typeof kept === "object" && kept !== null ? kept : {}
  ) as Partial<Record<keyof Persisted, unknown>>;
  return {
    ...shown,
    query: isEpisodeQuery(query) ? query : EVERY_EPISODE,
    anchor: isEpisodeKey(anchor) ? anchor : null,
    selected: isEpisodeKey(selected) ? selected : null,
    detail: detail === true,
    turn: typeof turn === "number" && Number.isInteger(turn) && turn >= 0 ? turn : 0,
    unfolded: unfolded === true,
  };
}
