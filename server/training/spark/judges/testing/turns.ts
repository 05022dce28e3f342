/** Turns to be judged, and answers of judges. */
import type { CandidateAction, Turn } from "../judge.ts";

export const call = (name: string, args: object = {}): CandidateAction => ({ kind: "call", name, arguments: args });

export function turnOf(candidates: CandidateAction[], changes: Partial<Turn> = {}): Turn {
  return {
    question: { id: "q1", query: "How long is the Nile?", answers: ["6650 km"], uses: [] },
    tools: [{ type: "function", function: { name: "search", description: "Looks things up." } }],
    before: [],
    thought: "I should look it up.",
    candidates,
    ...changes,
  };
}

export const answerWith = (...scores: number[]): string =>
  JSON.stringify({ scores: scores.map((score, candidate) => ({ candidate, score, reason: `it is worth ${score}` })) });
