/** JSON on one line, token by token: numbers, strings, keys and their order stay as they are written. */
import { endOfString } from "../../toolcalls/json.ts";

/** Without blanks between tokens. The text must be JSON. */
export function oneLine(json: string): string {
  let text = "";
  for (let at = 0; at < json.length; at++) {
    const character = json.charAt(at);
    if (character === '"') {
      const end = endOfString(json, at);
      text += json.slice(at, end + 1);
      at = end;
    } else if (!BLANK.has(character)) text += character;
  }
  return text;
}

const BLANK: ReadonlySet<string> = new Set([" ", "\t", "\n", "\r", "\uFEFF"]);
