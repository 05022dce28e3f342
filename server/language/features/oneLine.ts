/** JSON laid out anew, token by token: numbers, strings, keys and their order stay as they are written. */
import { endOfString } from "../../toolcalls/json.ts";

/** On one line, without blanks between tokens. The text must be JSON. */
export const oneLine = (json: string): string => laidOut(json, "");

/** On one line, a blank behind each colon and comma. */
export const oneLineSpaced = (json: string): string => laidOut(json, " ");

function laidOut(json: string, behindSeparators: string): string {
  let text = "";
  for (let at = 0; at < json.length; at++) {
    const character = json.charAt(at);
    if (character === '"') {
      const end = endOfString(json, at);
      text += json.slice(at, end + 1);
      at = end;
    } else if (character === ":" || character === ",") text += character + behindSeparators;
    else if (!BLANK.has(character)) text += character;
  }
  return text;
}

const BLANK: ReadonlySet<string> = new Set([" ", "\t", "\n", "\r", "\uFEFF"]);
