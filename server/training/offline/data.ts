/** What a run of episodes has in place of rows. */
import type { EpisodeRecord } from "../../store/episodeRows.ts";
import type { World } from "../episodes/episode.ts";
import type { PlacedQuestion } from "../episodes/play.ts";

/** A turn of the data set as it is learnt. */
export interface StoredTurn {
  /** Id of the question. */
  question: string;
  /** Place within its episode, from 0. */
  turn: number;
  /** What the policy read before it. */
  prompt: Int32Array;
  /** Thought, action and the end of the sequence. */
  completion: Int32Array;
  /** r, what the turn is paid. */
  reward: number;
  /** False where nothing was viable, so that the best of what there was had to do. */
  viable: boolean;
}

export interface StoredEpisode {
  record: EpisodeRecord;
  turns: readonly StoredTurn[];
}

export interface EpisodeData {
  /** In the order of the file; those without any turn are left out. */
  episodes: readonly StoredEpisode[];
  /** Of all episodes, one after the other. */
  turns: readonly StoredTurn[];
  heldOut: readonly PlacedQuestion[];
  /** Where held-out questions are played. */
  world: World;
}
