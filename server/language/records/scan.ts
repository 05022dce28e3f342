/** One cheap pass over a record before anything is parsed: bounds, and what the parser has to take care of. */
import { MAX_DEPTH, type Survey, surveyJson } from "../../toolcalls/json.ts";

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
  | ({ kind: "fine" } & Pick<Survey, "members" | "hasLongNumbers">);

export function scanRecord(text: string, limits: RecordLimits): Scan {
  if (text.length > limits.length) return { kind: "too-long", length: text.length };
  const { deep, members, hasLongNumbers } = surveyJson(text, limits.depth);
  return deep === undefined ? { kind: "fine", members, hasLongNumbers } : { kind: "too-deep", offset: deep };
}
