/** What runs of episodes store besides metrics, and how it lies in rows: episodes, their turns, what was learnt from them. */
import type { RunStatement } from "./statements.ts";

/** `stored`: of the data set, once and at step 0; `played`: of the evaluation at a step. */
export type EpisodePhase = "stored" | "played";

export interface TurnRecord {
  thought: string;
  kind: "call" | "answer" | "broken";
  /** Null where it is no call. */
  tool: string | null;
  /** The whole turn as it was written. */
  action: string;
  observation: string | null;
  /** Why the observation is no result. */
  trouble: string | null;
  /** Of stored turns: the judge's score, the rule that chose the action, what the turn is paid and the parts of it. */
  paid?: { score: number; chosenBy: string; reward: number; parts: Readonly<Record<string, number>> };
}

export interface EpisodeRecord {
  /** Id. */
  question: string;
  /** Of the question, from 0. */
  episode: number;
  /** Of the question in its file, from 0. */
  place: number;
  category: string | null;
  query: string;
  correct: boolean;
  answer: string | null;
  /** Why it counts as right or wrong. */
  reason: string;
  turns: readonly TurnRecord[];
}

/** What a step of PPO learnt from a stored turn. */
export interface LessonRecord {
  question: string;
  /** From 0. */
  turn: number;
  value: number;
  advantage: number;
  target: number;
}

export function putEpisode(run: RunStatement, step: number, phase: EpisodePhase, record: EpisodeRecord): void {
  const { question, episode, place, category, query, turns, correct, answer, reason } = record;
  const key = [step, phase, question, episode];
  run(
    "INSERT OR REPLACE INTO episodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    ...key,
    place,
    category,
    query,
    turns.length,
    Number(correct),
    answer,
    reason,
  );
  run("DELETE FROM turns WHERE step = ? AND phase = ? AND question = ? AND episode = ?", ...key);
  for (const [turn, { thought, kind, tool, action, observation, trouble, paid }] of turns.entries()) {
    const judged = paid
      ? [paid.score, paid.chosenBy, paid.reward, JSON.stringify(paid.parts)]
      : [null, null, null, null];
    const written = [thought, kind, tool, action, observation, trouble];
    run("INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", ...key, turn, ...written, ...judged);
  }
}

export function putLessons(run: RunStatement, step: number, lessons: readonly LessonRecord[]): void {
  run("DELETE FROM lessons WHERE step = ?", step);
  for (const { question, turn, value, advantage, target } of lessons)
    run("INSERT INTO lessons VALUES (?, ?, ?, ?, ?, ?)", step, question, turn, value, advantage, target);
}
