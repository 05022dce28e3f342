/** The examples that a policy shows itself before it calls (ToolExpander §4): JSON objects inside `<examples></examples>`. */
import { isJsonObject, jsonIn } from "../json.ts";

const OPEN = "<examples>";
const CLOSE = "</examples>";

export interface Examples {
  /** What was read up to the first that is no example. */
  count: number;
  distinct: number;
  /** Share of the examples that repeat an earlier one but for white space, case and stop words; 0 without examples. */
  nearDuplicates: number;
  /** What is wrong with them, without a capital or a full stop. */
  fault?: string;
  /** The completion behind the examples: all of it where there are none. */
  rest: string;
}

/** Examples beyond these are not looked at: what a policy writes is bounded by its tokens, what a file holds is not. */
const MOST = 1000;

export function readExamples(completion: string): Examples {
  const open = completion.indexOf(OPEN);
  const close = completion.indexOf(CLOSE, open + OPEN.length);
  if (open === -1 || close === -1)
    return {
      ...none,
      rest: completion,
      fault: open === -1 ? "there are no examples" : "the examples are never closed",
    };
  const rest = completion.slice(0, open) + completion.slice(close + CLOSE.length);
  return { ...readBlock(completion.slice(open + OPEN.length, close)), rest };
}

const none = { count: 0, distinct: 0, nearDuplicates: 0 };

/** One object on each line, or a list of them. */
function readBlock(block: string): Omit<Examples, "rest"> {
  const keys: string[] = [];
  const near: string[] = [];
  let fault: string | undefined;
  for (const value of valuesIn(block)) {
    if (!isExample(value)) {
      fault = `example ${keys.length + 1} is no JSON object with "tool", "question" and "answer"`;
      break;
    }
    keys.push(JSON.stringify([value.tool, value.question, value.answer]));
    near.push(JSON.stringify([normalized(value.tool), normalized(value.question)]));
  }
  const count = keys.length;
  const repeated = count === 0 ? 0 : (count - new Set(near).size) / count;
  return { count, distinct: new Set(keys).size, nearDuplicates: repeated, ...(fault !== undefined && { fault }) };
}

/** Values in order; what cannot be read is undefined and the last. */
function* valuesIn(block: string): Generator<unknown> {
  const whole = jsonIn(block);
  if (Array.isArray(whole)) {
    yield* whole.slice(0, MOST);
    return;
  }
  const lines = block.split("\n").filter((line) => line.trim() !== "");
  for (const line of lines.slice(0, MOST)) yield jsonIn(line.trim().replace(/,$/, ""));
}

function isExample(value: unknown): value is { tool: unknown; question: unknown; answer: unknown } {
  return isJsonObject(value) && ["tool", "question", "answer"].every((key) => Object.hasOwn(value, key));
}

const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    "a an and are as at be by can could do does for from give have how i in is it me my of on or please show tell that the this to " +
    "want was what when where which who will with would you your"
  ).split(" "),
);

function normalized(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const words = (text ?? "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !STOP_WORDS.has(word)).join(" ");
}
