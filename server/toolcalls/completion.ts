/**
 * Reading the tool calls out of a completion in the Qwen/Hermes form: any number of blocks
 * `<tool_call>` {"name": …, "arguments": {…}} `</tool_call>`, with any text around them.
 *
 * A completion is hostile text: one pass from left to right that ends at the first fault, bounded nesting, no regular
 * expression over it.
 */
import type { ToolCall } from "../../schemas/samples.ts";
import { plain } from "./display.ts";
import { endOfString, isJsonObject, parseExactJson } from "./json.ts";

export interface ParsedCompletion {
  /** The calls read before the first fault. Numbers of 2^53 or more are ExactNumber values (json.ts). */
  calls: ToolCall[];
  /** True when every block holds exactly one call and no tag stands alone. A completion without any tag is well formed. */
  formatOk: boolean;
  /** What is wrong, without a capital or a full stop, safe to print. Present exactly when formatOk is false. */
  fault?: string;
}

export const CALL_OPEN = "<tool_call>";
export const CALL_CLOSE = "</tool_call>";
const [OPEN, CLOSE] = [CALL_OPEN, CALL_CLOSE];

export function parseCompletion(text: string): ParsedCompletion {
  const calls: ToolCall[] = [];
  let at = 0;
  for (;;) {
    const open = text.indexOf(OPEN, at);
    const close = text.indexOf(CLOSE, at);
    if (close !== -1 && (open === -1 || close < open)) return faulty(calls, `${CLOSE} stands without ${OPEN}`);
    if (open === -1) return { calls, formatOk: true };

    const subject = `tool call ${calls.length + 1}`;
    const start = open + OPEN.length;
    const end = nextTag(text, start);
    if (end === -1) {
      // With a closing tag in sight it is a string literal of the block that never ends.
      return faulty(calls, close === -1 ? `${subject} is never closed` : `${subject} is not JSON: a string never ends`);
    }
    if (text.startsWith(OPEN, end)) return faulty(calls, `${subject} has another ${OPEN} inside`);
    const call = readCall(text.slice(start, end));
    if (typeof call === "string") return faulty(calls, `${subject} ${call}`);
    calls.push(call);
    at = end + CLOSE.length;
  }
}

/** Offset behind the closing tag of the call that a well-formed text opens at `open`. */
export const endOfCall = (text: string, open: number): number => nextTag(text, open + OPEN.length) + CLOSE.length;

function faulty(calls: ToolCall[], fault: string): ParsedCompletion {
  return { calls, formatOk: false, fault };
}

/** Index of the next tag that does not stand inside a JSON string literal (an argument may mention a tag), or -1. */
function nextTag(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x3c && (text.startsWith(CLOSE, at) || text.startsWith(OPEN, at))) return at;
  }
  return -1;
}

/** The call a block holds, or what is wrong with it. Keys besides name and arguments (an id, as some models write) are ignored. */
function readCall(block: string): ToolCall | string {
  if (block.trim() === "") return "is empty";
  let value: unknown;
  try {
    value = parseExactJson(block);
  } catch (error) {
    return `is not JSON: ${plain((error as SyntaxError).message, 120)}`;
  }
  if (!isJsonObject(value)) return "is not a JSON object";
  if (!Object.hasOwn(value, "name")) return 'has no "name"';
  const { name } = value;
  if (typeof name !== "string" || name === "") return 'has a "name" that is not a tool\'s name';
  if (!Object.hasOwn(value, "arguments")) return 'has no "arguments"';
  if (!isJsonObject(value.arguments)) return 'has "arguments" that are not a JSON object';
  return { name, arguments: value.arguments };
}
