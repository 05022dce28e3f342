/** Who scores the actions that a policy could take next (SPaRK, extended abstract: a judge scores every candidate from 0 to 10). */
import type { Tool } from "../../../../schemas/tools.ts";
import type { Action, TakenTurn } from "../../episodes/turn.ts";

/** Highest score of an action; the lowest is 0. */
export const HIGHEST_SCORE = 10;

/** An action that could be taken. What the policy wrote may be none (`broken`): a judge may score that 0 without asking anybody. */
export type CandidateAction = Action;

/** A turn that was taken before. */
export type TurnBefore = Pick<TakenTurn, "thought" | "action" | "observation">;

/** One turn to be judged. All of its text was written by a model or comes from a file: hostile. */
export interface Turn {
  question: {
    id: string;
    query: string;
    /** Answers that are right, where they are known. */
    answers: readonly string[];
    /** Calls that help, with the scores an exact judge gives them. */
    uses: readonly { name: string; arguments: object; score: number }[];
  };
  tools: readonly Tool[];
  before: readonly TurnBefore[];
  thought: string;
  candidates: readonly CandidateAction[];
}

/** What a judge says of a turn. */
export type Verdict =
  /** One score for each candidate, 0 … HIGHEST_SCORE. */
  | { kind: "scores"; scores: number[]; reasons?: string[] }
  /** The judge's answers could not be used, after it was asked again: the turn is skipped and counted, never guessed. */
  | { kind: "skipped"; why: string };

export interface ActionJudge {
  /** As it stands in a trajectory's record: its kind and all that its scores depend on, an endpoint's model for example; no secret. */
  readonly identity: string;
  /**
   * The same turn gets the same scores, or they come from a cache.
   *
   * @throws InputError where no judging is possible until somebody does something: no key, no consent, no such model
   */
  judge(turn: Turn, signal: AbortSignal): Promise<Verdict>;
  /** Frees what it holds. */
  close(): Promise<void>;
}
