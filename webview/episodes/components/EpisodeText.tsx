/** A text of an episode, of any length. */
import { type EpisodeKey, episodeKey, type TextPart, type TextPlace } from "../../../schemas/episodesView.ts";
import { LongText } from "../../text/LongText.tsx";
import type { EpisodesClient } from "../client/episodesClient.ts";

export interface EpisodeTextProps {
  client: EpisodesClient;
  episode: EpisodeKey;
  place: TextPlace;
  part: TextPart;
  label: string;
}

export function EpisodeText({ client, episode, place, part, label }: EpisodeTextProps) {
  const more = (from: number) => client.ask("text", { key: episodeKey(episode), place, from });
  return <LongText part={part} label={label} more={more} />;
}
