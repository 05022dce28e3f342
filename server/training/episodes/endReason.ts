/** Why an episode counts as right or wrong, in one sentence. */
import { plain } from "../../toolcalls/display.ts";
import type { EpisodeEnd } from "./episode.ts";

/** UTF-16 units of an answer that are shown. */
const SHOWN = 120;
/** Accepted answers that are named. */
const NAMED = 3;

/** Of ends without an answer. */
const UNANSWERED: Readonly<Record<Exclude<EpisodeEnd, "answered">, string>> = {
  "ran out of steps": "It ran out of steps.",
  "prompt too long": "Its prompt became longer than its budget.",
};

/** How an episode ended whose reason is this: a record has the reason alone. */
export function endOf(reason: string): EpisodeEnd {
  if (reason === UNANSWERED["ran out of steps"]) return "ran out of steps";
  return reason === UNANSWERED["prompt too long"] ? "prompt too long" : "answered";
}

/** @param accepted answers that are right, at least one */
export function endReason(
  { end, answer, correct }: { end: EpisodeEnd; answer?: string | undefined; correct: boolean },
  accepted: readonly string[],
): string {
  if (end !== "answered") return UNANSWERED[end];
  if (correct) return `The answer ${quoted(answer ?? "")} is right.`;
  const more = accepted.length > NAMED ? " or another one" : "";
  return `The answer ${quoted(answer ?? "")} is wrong; right is ${accepted.slice(0, NAMED).map(quoted).join(" or ")}${more}.`;
}

const quoted = (text: string): string => `"${plain(text, SHOWN)}"`;
