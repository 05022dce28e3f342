/** An episode of a run's store as it is looked at: what the store has of it, and of stored ones what the trajectories add. */
import type { EpisodeRow } from "../../../schemas/episodesView.ts";
import type { LessonRow, EpisodeRow as StoredRow } from "../../../server/store/episodeReader.ts";
import type { TurnRecord } from "../../../server/store/episodeRows.ts";
import { parseTurn } from "../../../server/training/episodes/turn.ts";
import type { ReadEpisode, ReadTurn } from "./episodeSource.ts";
import type { StoredTrajectory } from "./storedTrajectories.ts";

type Recorded = Pick<StoredRow, "query" | "answer" | "reason">;

/** Of an evaluation: nobody judged its turns. */
export function playedEpisode(row: EpisodeRow, recorded: Recorded, turns: readonly TurnRecord[]): ReadEpisode {
  const { query, answer, reason } = recorded;
  const nothing = { offered: null, accepted: null, threshold: null, unknown: null };
  return { row, query, answer, reason, ...nothing, turns: turns.map(readTurn) };
}

export interface StoredParts {
  turns: readonly TurnRecord[];
  /** Of the whole question, turn by turn. */
  lessons: readonly LessonRow[];
  /** One sentence where it is not known. */
  trajectory: StoredTrajectory | string;
}

/** Of the data set. */
export function storedEpisode(row: EpisodeRow, recorded: Recorded, parts: StoredParts): ReadEpisode {
  const [known, unknown] = typeof parts.trajectory === "string" ? [null, parts.trajectory] : [parts.trajectory, null];
  const { tools = null, accepted = null, turns: among } = known?.trajectory ?? {};
  const lessons = Map.groupBy(parts.lessons, ({ turn }) => turn);
  const turns = parts.turns.map((record, index): ReadTurn => {
    const turn = readTurn(record);
    const candidates = among?.[index] ?? null;
    const choice = turn.choice && { ...turn.choice, among: candidates };
    // As the trajectory has it: numbers of any length stand there as they were written.
    const action = candidates?.candidates[candidates.chosen]?.action ?? turn.action;
    return { ...turn, action, choice, lessons: lessons.get(index) ?? [] };
  });
  const { query, answer, reason } = recorded;
  return {
    row,
    query,
    answer,
    reason,
    offered: tools,
    accepted,
    threshold: known?.threshold ?? null,
    unknown,
    turns,
  };
}

function readTurn({ thought, action: written, observation, trouble, paid }: TurnRecord): ReadTurn {
  return {
    thought,
    action: parseTurn(written).action,
    written,
    observation,
    trouble,
    choice: paid ? { by: paid.chosenBy, score: paid.score, among: null } : null,
    reward: paid?.parts ?? null,
    lessons: [],
  };
}
