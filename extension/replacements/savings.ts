/** A saving on the file's own record: who, when, why, and which step of which run it answers. */
import type { ReplacementChange } from "../../schemas/replacement.ts";
import { ReplacementChange as ChangeSchema } from "../../schemas/replacement.ts";
import { follows } from "../../server/toolcalls/check.ts";
import { isJsonObject, parseExactJson } from "../../server/toolcalls/json.ts";
import { changedText } from "./textEdits.ts";

/** Savings of one person within this time are one change: with auto save, every pause would be one. Milliseconds. */
const ONE_SITTING = 600_000;

/** The text with the saving in its history; as it is where it is no object, or its history is none. */
export function withSaving(text: string, saving: ReplacementChange): string {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch {
    return text;
  }
  if (!isJsonObject(value)) return text;
  const { history } = value;
  if (history === undefined) return changedText(text, [{ change: "set", path: ["history"], json: jsonOf([saving]) }]);
  if (!Array.isArray(history)) return text;
  const last: unknown = history.at(-1);
  if (follows(ChangeSchema, last) && isSameSitting(last, saving)) {
    const why = [last.why, saving.why].filter((part) => part !== undefined && part !== "").join("; ");
    const both = { ...last, ...saving, ...(why === "" ? {} : { why }) };
    return changedText(text, [{ change: "set", path: ["history", history.length - 1], json: jsonOf(both) }]);
  }
  return changedText(text, [{ change: "insert", path: ["history"], at: history.length, json: jsonOf(saving) }]);
}

/** What a text tells the policy: all of it but its note and its history. A text that is no object is told as it is. */
export function toldBy(text: string): string {
  try {
    const value = parseExactJson(text);
    if (!isJsonObject(value)) return text;
    const { note, history, ...told } = value;
    return JSON.stringify(told);
  } catch {
    return text;
  }
}

function isSameSitting(last: ReplacementChange, saving: ReplacementChange): boolean {
  const passed = Date.parse(saving.at) - Date.parse(last.at);
  return last.by === saving.by && last.run === saving.run && passed >= 0 && passed < ONE_SITTING;
}

const jsonOf = (value: unknown): string => JSON.stringify(value, null, 2);
