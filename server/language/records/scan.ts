/** One cheap pass over a record before anything is parsed: bounds, and what the parser has to take care of. */
import { endOfString, MAX_DEPTH } from "../../toolcalls/json.ts";

export interface RecordLimits {
  /** Longest record that is parsed, UTF-16 units. */
  length: number;
  /** Deepest nesting of arrays and objects that is parsed; at most MAX_DEPTH. */
  depth: number;
}

export const DEFAULT_LIMITS: RecordLimits = { length: 4 * 1024 * 1024, depth: MAX_DEPTH };

export type Scan =
  | { kind: "too-long"; length: number }
  | { kind: "too-deep"; offset: number }
  | {
      kind: "fine";
      /** Colons outside strings: in JSON, the number of members, those that a duplicate hides included. */
      members: number;
      /** A number outside strings may be one that a double rounds. */
      hasLongNumbers: boolean;
      hasEscapes: boolean;
    };

const QUOTE = 0x22;
const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;
const CLOSE_LIST = 0x5d;
const CLOSE_OBJECT = 0x7d;
const COLON = 0x3a;
/** A number of fewer digits than these stays below 2^53, unless it has an exponent. */
const LONG_NUMBER = 16;

export function scanRecord(text: string, limits: RecordLimits): Scan {
  if (text.length > limits.length) return { kind: "too-long", length: text.length };
  let depth = 0;
  let members = 0;
  let hasLongNumbers = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) members++;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth++;
      if (depth > limits.depth) return { kind: "too-deep", offset: at };
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
    else if (code >= 0x30 && code <= 0x39) {
      const end = endOfNumber(text, at);
      hasLongNumbers ||= end - at >= LONG_NUMBER || hasExponent(text, at, end);
      at = end - 1;
    }
  }
  return { kind: "fine", members, hasLongNumbers, hasEscapes: text.includes("\\") };
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const inNumber =
      (code >= 0x30 && code <= 0x39) || code === 0x2e || isExponent(code) || code === 0x2b || code === 0x2d;
    if (!inNumber) break;
  }
  return at;
}

function hasExponent(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (isExponent(text.charCodeAt(at))) return true;
  return false;
}

const isExponent = (code: number): boolean => code === 0x65 || code === 0x45;
