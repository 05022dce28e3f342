/** Where the records of a text are: on its lines, in the array it is, or the whole of it. */
import { endOfString } from "../../toolcalls/json.ts";

/** `lines`: a record on each line. `items`: one array, whose items are the records. `document`: the text is one record. */
export type Layout = "lines" | "items" | "document";

export interface ItemSpan {
  start: number;
  end: number;
}

const BLANK = /[\s\uFEFF]/;

export type Split = { layout: "lines" } | { layout: "items" | "document"; spans: ItemSpan[] };

/** How a text is cut into records; a blank document has none. */
export function splitText(file: string, text: string): Split {
  if (isLines(file, text)) return { layout: "lines" };
  const spans = itemsOf(text);
  if (spans !== undefined) return { layout: "items", spans };
  return { layout: "document", spans: text.trim() === "" ? [] : [{ start: 0, end: text.length }] };
}

/** JSON Lines under a .json name are recognised by a first line that is whole and is not the last. */
export function isLines(file: string, text: string): boolean {
  if (/\.(jsonl|ndjson)$/i.test(file)) return true;
  const start = skipBlank(text, 0);
  if (text.charAt(start) === "[") return false;
  const end = text.indexOf("\n", start);
  const more = end !== -1 && text.slice(end, end + 4096).trim() !== "";
  return more && isWhole(text.slice(start, end));
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/**
 * The items of an array of objects or arrays; undefined where the text is anything else, or where what stands between the items
 * is not exactly one comma. The items themselves are not checked.
 */
function itemsOf(text: string): ItemSpan[] | undefined {
  const spans: ItemSpan[] = [];
  let at = skipBlank(text, 0);
  if (text.charAt(at) !== "[") return undefined;
  at = skipBlank(text, at + 1);
  while (text.charAt(at) === "{" || text.charAt(at) === "[") {
    const end = endOfBrackets(text, at);
    if (end === -1) return undefined;
    spans.push({ start: at, end });
    at = skipBlank(text, end);
    if (text.charAt(at) !== ",") break;
    at = skipBlank(text, at + 1);
    if (text.charAt(at) === "]") return undefined;
  }
  if (text.charAt(at) !== "]" || skipBlank(text, at + 1) !== text.length) return undefined;
  return spans.length > 0 ? spans : undefined;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && BLANK.test(text.charAt(at))) at++;
  return at;
}

/** Offset behind the bracket that closes the one at `start`; -1 where none does. */
function endOfBrackets(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}
