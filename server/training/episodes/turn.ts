/**
 * A turn as the policy writes it: a thought, then one action, a tool call in the form of server/toolcalls/completion.ts or
 * `<answer>`…`</answer>`. A completion is hostile text: one pass, no regular expression over it.
 */
import { CALL_CLOSE, CALL_OPEN, endOfCall, parseCompletion } from "../../toolcalls/completion.ts";

export const ANSWER_OPEN = "<answer>";
export const ANSWER_CLOSE = "</answer>";
const TAGS = [CALL_OPEN, CALL_CLOSE, ANSWER_OPEN, ANSWER_CLOSE] as const;
type Tag = (typeof TAGS)[number];

/** What a turn does; `fault` is safe to print and has neither a capital nor a full stop. */
export type Action =
  | { kind: "call"; name: string; arguments: object }
  | { kind: "answer"; text: string }
  | { kind: "broken"; fault: string };

export interface ParsedTurn {
  /** What stands before the action, trimmed. */
  thought: string;
  action: Action;
  /** Offset behind the action: what follows it is no part of the turn. */
  end: number;
}

/** A turn that was taken, as later turns see it. */
export interface TakenTurn {
  thought: string;
  action: Action;
  /** The turn as it was written, without what follows its action. */
  text: string;
  /** Absent where the action was an answer. */
  observation?: string | undefined;
}

/** A text without any tag is an answer as a whole: a policy that was never told of the tags answers so. */
export function parseTurn(text: string): ParsedTurn {
  const first = firstTag(text, 0);
  if (first === undefined) return { thought: "", action: { kind: "answer", text: text.trim() }, end: text.length };
  const { tag, at } = first;
  const { action, end } = actionAt(text, tag, at);
  return { thought: text.slice(0, at).trim(), action, end };
}

/** The text up to the first tag: a thought that was drawn together with the beginning of an action. */
export const beforeAction = (text: string): string => text.slice(0, firstTag(text, 0)?.at).trim();

function actionAt(text: string, tag: Tag, at: number): Pick<ParsedTurn, "action" | "end"> {
  const broken = (fault: string) => ({ action: { kind: "broken" as const, fault }, end: text.length });
  if (tag === CALL_CLOSE || tag === ANSWER_CLOSE) return broken(`${tag} stands without its opening tag`);
  const read = tag === CALL_OPEN ? callAt(text, at) : answerAt(text, at);
  if (typeof read === "string") return broken(read);
  return firstTag(text, read.end) === undefined ? read : broken("there is more than one action in the turn");
}

function callAt(text: string, at: number): Pick<ParsedTurn, "action" | "end"> | string {
  const { calls, fault } = parseCompletion(text.slice(at));
  const [call] = calls;
  if (fault !== undefined || call === undefined) return fault ?? "there is no call";
  if (calls.length > 1) return `there are ${calls.length} calls in the turn, and one action is allowed`;
  return { action: { kind: "call", name: call.name, arguments: call.arguments }, end: endOfCall(text, at) };
}

function answerAt(text: string, at: number): Pick<ParsedTurn, "action" | "end"> | string {
  const start = at + ANSWER_OPEN.length;
  const next = firstTag(text, start);
  if (next === undefined) return "the answer is never closed";
  if (next.tag !== ANSWER_CLOSE) return `the answer has ${next.tag} inside`;
  return {
    action: { kind: "answer", text: text.slice(start, next.at).trim() },
    end: next.at + ANSWER_CLOSE.length,
  };
}

function firstTag(text: string, from: number): { tag: Tag; at: number } | undefined {
  for (let at = text.indexOf("<", from); at !== -1; at = text.indexOf("<", at + 1)) {
    const tag = TAGS.find((one) => text.startsWith(one, at));
    if (tag !== undefined) return { tag, at };
  }
  return undefined;
}
