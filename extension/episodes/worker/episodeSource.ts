/** Where a view's episodes come from: the store of a run, or a file of trajectories. */
import type { EpisodeKey, EpisodeRow, EpisodesHeader } from "../../../schemas/episodesView.ts";
import type { TrajectoryTurn } from "../../../schemas/trajectories.ts";
import type { LessonRow } from "../../../server/store/episodeReader.ts";
import type { Action } from "../../../server/training/episodes/turn.ts";

/** An episode with all its texts, however long they are. */
export interface ReadEpisode {
  row: EpisodeRow;
  query: string;
  offered: readonly string[] | null;
  accepted: readonly string[] | null;
  answer: string | null;
  reason: string;
  threshold: number | null;
  /** Why something of it is not known, one sentence. */
  unknown: string | null;
  turns: readonly ReadTurn[];
}

export interface ReadTurn {
  thought: string;
  action: Action;
  written: string;
  observation: string | null;
  trouble: string | null;
  choice: ReadChoice | null;
  /** Parts of what the turn is paid. */
  reward: Readonly<Record<string, number>> | null;
  lessons: readonly Pick<LessonRow, "step" | "value" | "advantage" | "target">[];
}

export interface ReadChoice {
  by: string;
  score: number;
  /** Null where they are not known any more. */
  among: Pick<TrajectoryTurn, "candidates" | "viable" | "chosen"> | null;
}

export interface EpisodeSource extends Disposable {
  /**
   * Reads some of what is new, for no longer than a view may wait for an answer. True where rows are others than before.
   *
   * @throws InputError, or an error of SQLite or the file system, where it cannot be read
   */
  refresh(): boolean;
  /** Whether there is more to read at once. */
  readonly more: boolean;
  /** In the order of the store or the file. */
  rows(): Iterable<EpisodeRow>;
  header(): EpisodesHeader;
  /** Undefined where there is none, or none any more. @throws as refresh */
  read(key: EpisodeKey): Promise<ReadEpisode | undefined>;
  /** Lets go of everything; the next refresh reads it again. */
  forget(): void;
  /** One sentence for the person who looks at the view. */
  sentenceOf(error: unknown): string;
}
