/** JSON that stands in the midst of a text: lists of tools in a prompt, answers in a fence. */
import { endOfString, parseExactJson } from "../json.ts";

export interface EmbeddedJson {
  value: unknown;
  /** In UTF-16 units of the text. */
  from: number;
  to: number;
}

/** The array or object that begins at the first bracket of that kind; undefined where it is cut off or no JSON. */
export function embeddedJson(text: string, open: "[" | "{", start = 0): EmbeddedJson | undefined {
  const from = text.indexOf(open, start);
  const to = from === -1 ? -1 : endOfBrackets(text, from);
  if (to === -1) return undefined;
  try {
    return { value: parseExactJson(text.slice(from, to)), from, to };
  } catch {
    return undefined;
  }
}

/** Behind the bracket that closes the one at `from`; -1 where none does. */
function endOfBrackets(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') at = endOfString(text, at);
    else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** Each line that is a JSON object, from `start` on. */
export function jsonLines(text: string, start = 0): EmbeddedJson[] {
  const found: EmbeddedJson[] = [];
  for (let at = start; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline === -1 ? text.length : newline;
    if (text.slice(at, end).trimStart().startsWith("{")) {
      const object = embeddedJson(text.slice(at, end), "{");
      if (object !== undefined) found.push({ value: object.value, from: at + object.from, to: at + object.to });
    }
    at = end + 1;
  }
  return found;
}
