/** Which turn answers which call: the order that chat templates and providers insist on. */
import type { Call, Sample, Turn } from "../../toolcalls/dialects/model.ts";

/** An assistant's turn with calls, and the tools' turns right behind it. */
export interface Exchange {
  turn: Turn;
  results: Turn[];
  /** Whether the conversation goes on behind them; a last call is what is learned. */
  goesOn: boolean;
}

export function exchangesOf({ turns }: Sample): Exchange[] {
  return turns.flatMap((turn, index): Exchange[] => {
    if (turn.calls.length === 0) return [];
    const results: Turn[] = [];
    for (const next of turns.slice(index + 1)) {
      if (next.role !== "tool") break;
      results.push(next);
    }
    return [{ turn, results, goesOn: index + 1 < turns.length }];
  });
}

/**
 * Calls that nobody answers though the conversation goes on. Where results name no ids, one may answer all calls of its turn.
 */
export function unansweredCalls({ turn, results, goesOn }: Exchange): Call[] {
  if (!goesOn) return [];
  if (results.length === 0) return turn.calls;
  if (results.some(({ callId }) => callId === undefined)) return [];
  const answered = new Set(results.map(({ callId }) => callId));
  return turn.calls.filter(({ id }) => id !== undefined && !answered.has(id));
}

export type StrayResult =
  /** No call stands before it. */
  | { kind: "no-call"; turn: Turn }
  /** None of the calls before it has its id. */
  | { kind: "other-id"; turn: Turn; ids: string[] }
  /** Its call has been answered already. */
  | { kind: "again"; turn: Turn };

/** Some formats keep the calls of earlier turns as words. */
const CALL_IN_TEXT = /"name"\s*:|<tool_call>|\bAction:|\[\w[\w.]*\(/;

export function strayResults({ turns }: Sample): StrayResult[] {
  const stray: StrayResult[] = [];
  let calls: readonly Call[] = [];
  let inText = false;
  let answered = new Set<string>();
  for (const turn of turns) {
    if (turn.role !== "tool") {
      calls = turn.calls;
      inText = turn.role === "assistant" && CALL_IN_TEXT.test(turn.text);
      answered = new Set();
    } else if (calls.length === 0) {
      if (!inText) stray.push({ kind: "no-call", turn });
    } else if (turn.callId !== undefined) {
      const ids = calls.flatMap(({ id }) => id ?? []);
      if (ids.length > 0 && !ids.includes(turn.callId)) stray.push({ kind: "other-id", turn, ids });
      else if (answered.has(turn.callId)) stray.push({ kind: "again", turn });
      answered.add(turn.callId);
    }
  }
  return stray;
}
