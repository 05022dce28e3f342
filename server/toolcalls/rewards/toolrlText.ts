/** ToolRL's completions: `<think>…</think>`, then calls as JSON lines between `<tool_call>` tags, or `<response>…</response>`, or both. */
import type { ToolRlSettings } from "../../../schemas/rewards.ts";
import { afterLast, beforeFirst, occurrences, strip } from "../python/text.ts";

export const THINK_OPEN = "<think>";
export const THINK_CLOSE = "</think>";
const CALL_OPEN = "<tool_call>";
const CALL_CLOSE = "</tool_call>";
const RESPONSE_OPEN = "<response>";
const RESPONSE_CLOSE = "</response>";

const CHAT: Readonly<Record<ToolRlSettings["chat"], readonly [string, string]>> = {
  qwen: ["<|im_start|>assistant", "<|im_end|>"],
  llama: ["<|start_header_id|>assistant<|end_header_id|>", "<|eot_id|>"],
};

/** What the assistant said last, up to its end marker, without outer white space (rlla.py 269-275). */
export function answerIn(completion: string, chat: ToolRlSettings["chat"]): string {
  const [start, end] = CHAT[chat];
  return strip(beforeFirst(afterLast(completion, start), end));
}

/** The lines of the first block of calls, or undefined where no block is opened (rlla.py 235-244). */
export function callLines(text: string): string[] | undefined {
  const open = text.indexOf(CALL_OPEN);
  if (open === -1) return undefined;
  const from = open + CALL_OPEN.length;
  const next = text.indexOf(CALL_OPEN, from);
  const to = next === -1 ? text.length : next;
  const close = text.indexOf(CALL_CLOSE, from);
  return strip(text.slice(from, close === -1 || close > to ? to : close)).split("\n");
}

/**
 * Whether the answer has the blocks of the gold completion, each once, in order and closed (rlla.py 78-103). The patterns of the code
 * are lazy and match newlines, so the first place where the inner borders stand is as good as any other.
 */
export const formatIsRight = (answer: string, gold: string): boolean => formatFault(answer, gold) === undefined;

/** Why formatIsRight says no, without a capital or a full stop. */
export function formatFault(answer: string, gold: string): string | undefined {
  const calls = gold.includes(CALL_OPEN);
  const response = gold.includes(RESPONSE_OPEN);
  const borders = calls ? (response ? BORDERS.both : BORDERS.calls) : response ? BORDERS.response : BORDERS.neither;
  const end = response ? RESPONSE_CLOSE : calls ? `\n${CALL_CLOSE}` : THINK_CLOSE;
  return (
    borderFault(answer, borders, end) ??
    (calls ? repeatedTag(answer, CALL_OPEN, CALL_CLOSE) : undefined) ??
    (response ? repeatedTag(answer, RESPONSE_OPEN, RESPONSE_CLOSE) : undefined)
  );
}

/** What stands between two blocks, by the blocks that the gold completion has besides its thoughts. */
const BORDERS = {
  calls: [`${THINK_CLOSE}\n${CALL_OPEN}\n`],
  both: [`${THINK_CLOSE}\n${CALL_OPEN}\n`, `\n${CALL_CLOSE}\n${RESPONSE_OPEN}`],
  response: [`${THINK_CLOSE}\n${RESPONSE_OPEN}`],
  neither: [],
} as const;

function repeatedTag(text: string, ...tags: readonly string[]): string | undefined {
  const tag = tags.find((one) => occurrences(text, one) !== 1);
  return tag && `${tag} stands ${occurrences(text, tag)} times and not once`;
}

/** `^<think>.*?border.*?border.*?end$`. A stripped text has no final newline that `$` could match before. */
function borderFault(text: string, borders: readonly string[], end: string): string | undefined {
  if (!text.startsWith(THINK_OPEN)) return `it does not begin with ${THINK_OPEN}`;
  if (!text.endsWith(end)) return `it does not end with ${onOneLine(end)}`;
  let at = THINK_OPEN.length;
  for (const border of borders) {
    const found = text.indexOf(border, at);
    if (found === -1) return `${onOneLine(border)} does not follow`;
    at = found + border.length;
  }
  return at <= text.length - end.length ? undefined : `${onOneLine(end)} does not follow`;
}

/** Line breaks of a pattern as a person names them. */
const onOneLine = (pattern: string): string => JSON.stringify(pattern).slice(1, -1);
