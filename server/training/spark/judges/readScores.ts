/** The reading of a judge's answer: patient with what stands around the JSON, strict with what stands in it. */
import { type Static, Type } from "@sinclair/typebox";
import { conforms } from "../../conforms.ts";
import { HIGHEST_SCORE } from "./judge.ts";

/** Longest answer that is read, UTF-16 units: some hundred candidates with a reason each. */
export const LONGEST_ANSWER = 65_536;
/** Longest reason that is kept, UTF-16 units. */
export const LONGEST_REASON = 300;

const Entry = Type.Object({
  candidate: Type.Integer(),
  score: Type.Number(),
  reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});
const Scores = Type.Object({ scores: Type.Array(Entry) });

export type Reading =
  /** By number of the candidate; reasons are empty where none was given. */
  | { scores: number[]; reasons: string[] }
  /** What is wrong, in words of ours: it goes back to the model, and into records. */
  | { fault: string };

/** @param count of the candidates that the model was asked about */
export function readScores(answer: string, count: number): Reading {
  if (answer.length > LONGEST_ANSWER) return { fault: `it has more than ${LONGEST_ANSWER} characters` };
  const value = embeddedJson(answer);
  if (value === undefined) return { fault: "it is no JSON object" };
  if (!conforms(Scores, value)) {
    return { fault: 'it is not of the form {"scores":[{"candidate":0,"score":0,"reason":""}]} with numbers for both' };
  }
  return inOrder(value.scores, count);
}

function inOrder(entries: readonly Static<typeof Entry>[], count: number): Reading {
  if (entries.length !== count) {
    return { fault: `it has ${entries.length} scores, and there are ${count} candidates (0 to ${count - 1})` };
  }
  const scores: (number | undefined)[] = Array(count).fill(undefined);
  const reasons: string[] = Array(count).fill("");
  for (const { candidate, score, reason } of entries) {
    if (candidate < 0 || candidate >= count) return { fault: `there is no candidate ${candidate}` };
    if (scores[candidate] !== undefined) return { fault: `candidate ${candidate} has two scores` };
    if (!(score >= 0 && score <= HIGHEST_SCORE)) {
      return { fault: `the score of candidate ${candidate} is not between 0 and ${HIGHEST_SCORE}` };
    }
    scores[candidate] = score;
    reasons[candidate] = (reason ?? "").slice(0, LONGEST_REASON);
  }
  // As many as there are candidates, and no two of one candidate: all are there.
  return { scores: scores.map((score) => score ?? 0), reasons };
}

/**
 * The JSON object in a text: all of it, what one code fence holds, or what lies between the first brace and the last. Two objects make
 * no JSON in the last case, so that nobody has to choose between them.
 */
function embeddedJson(answer: string): object | undefined {
  const text = answer.replace(/^\ufeff?\s*<think>[\s\S]*?<\/think>/, "");
  const fences = [...text.matchAll(/^[ \t]*```\w*[ \t]*\n([\s\S]*?)^[ \t]*```/gm)].map((match) => match[1] as string);
  const spans = [
    text,
    ...(fences.length === 1 ? fences : []),
    text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1),
  ];
  for (const span of spans) {
    const value = parsed(span);
    if (value !== undefined) return value;
  }
  return undefined;
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
