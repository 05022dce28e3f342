/** A line of a file of trajectories as an episode to be looked at. */
import type { EpisodeRow } from "../../../schemas/episodesView.ts";
import { isSkipped, type TrajectoryLine, type TrajectoryTurn } from "../../../schemas/trajectories.ts";
import { plain } from "../../../server/toolcalls/display.ts";
import { endReason } from "../../../server/training/episodes/endReason.ts";
import type { TurnReward } from "../../../server/training/spark/rewards.ts";
import type { ReadEpisode, ReadTurn } from "./episodeSource.ts";

/** UTF-16 units of why a question was skipped. */
const LONGEST_REASON = 600;

export const returnOf = (rewards: readonly TurnReward[]): number =>
  rewards.reduce((sum, { quality, diversity, terminal }) => sum + quality + diversity + terminal, 0);

export function readTrajectory(line: TrajectoryLine, row: EpisodeRow, threshold: number | null): ReadEpisode {
  const common = { row, query: line.query, offered: line.tools, threshold, unknown: null };
  if (isSkipped(line)) {
    const reason = `The judge could not be understood in turn ${line.turn + 1}, so nothing is learnt from this question: ${plain(line.skipped, LONGEST_REASON)}`;
    return { ...common, accepted: null, answer: null, reason, turns: [] };
  }
  const { accepted, answer = null, turns } = line;
  return { ...common, accepted, answer, reason: endReason(line, accepted), turns: turns.map(readTurn) };
}

function readTurn(turn: TrajectoryTurn): ReadTurn {
  const { thought, candidates, chosen, viable, by, completion, observation, trouble, reward } = turn;
  const candidate = candidates[chosen];
  if (candidate === undefined) throw new RangeError(`There is no candidate ${chosen}`);
  return {
    thought,
    action: candidate.action,
    written: completion,
    observation: observation ?? null,
    trouble: trouble ?? null,
    choice: { by, score: candidate.score, among: { candidates, viable, chosen } },
    reward,
    lessons: [],
  };
}
