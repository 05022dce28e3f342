/** A question put to a model of the editor, and what becomes of it; as far as that can be said without the editor. */
import { LONGEST_JUDGE_ANSWER, LONGEST_JUDGE_REASON } from "../../schemas/judgeLimits.ts";
import type { JudgeOutcome } from "../../schemas/judging.ts";
import { plain } from "../../server/toolcalls/display.ts";

/** Codes of `vscode.LanguageModelError`, which are the names of its makers. */
export interface ErrorCodes {
  noPermissions: string;
  blocked: string;
  notFound: string;
}

/**
 * The pieces of an answer as one text, bounded.
 *
 * @param stop ends a model that goes on without end
 */
export async function wholeAnswer(pieces: AsyncIterable<string>, stop: () => void): Promise<JudgeOutcome> {
  let text = "";
  for await (const piece of pieces) {
    text += piece;
    if (text.length > LONGEST_JUDGE_ANSWER) {
      stop();
      break;
    }
  }
  return { kind: "text", text: text.slice(0, LONGEST_JUDGE_ANSWER) };
}

/**
 * What an error of the language-model API means for the question. Providers tell limits and filters by words alone: the API has no codes
 * for them.
 */
export function outcomeOf(error: unknown, codes: ErrorCodes): JudgeOutcome {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const words = sentences(error);
  const reason = plain(
    words.length > 0 ? words.join(": ") : "the model failed without a word",
    LONGEST_JUDGE_REASON / 10,
  );
  if (code === codes.noPermissions)
    return { kind: "declined", reason: `The model may not be used in this window: ${reason}` };
  if (code === codes.notFound) return { kind: "missing", reason };
  if (/off[_ -]?topic|content.?filter|filtered|responsible ai/i.test(reason)) return { kind: "unusable", reason };
  if (code === codes.blocked || /quota|rate.?limit|too many requests|\b429\b/i.test(reason))
    return { kind: "resting", reason };
  return { kind: "failed", reason };
}

/** Messages of an error and of what caused it. */
function sentences(error: unknown): string[] {
  const said: string[] = [];
  for (
    let at = error;
    said.length < 3 && at !== undefined && at !== null;
    at = at instanceof Error ? at.cause : undefined
  ) {
    const sentence = at instanceof Error ? at.message : String(at);
    if (sentence !== "" && !said.includes(sentence)) said.push(sentence);
  }
  return said;
}
