/**
 * The examples that a completion gives itself before its calls (ToolExpander §4): inside `<examples></examples>`, one JSON
 * object on each line, with a tool, a question and an answer.
 */
import { isJsonObject, parseExactJson } from "./json.ts";

export interface Example {
  tool: string;
  question: string;
  /** Any JSON; nothing is asked of it (ToolExpander §4: no semantic check). */
  answer: unknown;
}

export interface ParsedExamples {
  examples: Example[];
  /** Lines that are no example. */
  faults: number;
}

const OPEN = "<examples>";
const CLOSE = "</examples>";

/** The first examples block; undefined where there is none that is closed. A completion is hostile text: never throws. */
export function parseExamples(completion: string): ParsedExamples | undefined {
  const open = completion.indexOf(OPEN);
  const close = completion.indexOf(CLOSE, open + OPEN.length);
  if (open === -1 || close === -1) return undefined;
  const lines = completion
    .slice(open + OPEN.length, close)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const examples = lines.map(exampleOf).filter((example) => example !== undefined);
  return { examples, faults: lines.length - examples.length };
}

function exampleOf(line: string): Example | undefined {
  let value: unknown;
  try {
    value = parseExactJson(line);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, "answer")) return undefined;
  const { tool, question, answer } = value;
  return typeof tool === "string" && typeof question === "string" ? { tool, question, answer } : undefined;
}

/** Words that make no example another one. */
const STOP_WORDS = new Set(
  "a an and are as at be by can could do for from i in is it me my of on or please the this that to was what will with would you your".split(
    " ",
  ),
);

/** How many examples repeat an earlier one but for white space, case, punctuation and stop words. */
export function nearDuplicates(examples: readonly Example[]): number {
  return examples.length - new Set(examples.map(gistOf)).size;
}

function gistOf({ tool, question, answer }: Example): string {
  const words = (text: string): string =>
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== "" && !STOP_WORDS.has(word))
      .join(" ");
  return [tool.trim().toLowerCase(), words(question), words(JSON.stringify(answer))].join("\n");
}
