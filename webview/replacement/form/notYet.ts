/** Why a text that is typed as JSON is not in the file yet: a file with it could not be shown any more. */
import type { Fault } from "../../controls/faults.ts";
import { oneLine } from "../../text/visible.ts";

/** @param object whether only an object will do; undefined for a text that is in the file */
export function notYet(text: string, { object = false } = {}): Fault | undefined {
  const why = reason(text, object);
  return why === undefined ? undefined : { severity: "error", sentence: `Not in the file yet: ${why}` };
}

function reason(text: string, object: boolean): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The engine repeats some of the text.
    return oneLine(error instanceof Error ? error.message : String(error), 300);
  }
  if (object && (typeof value !== "object" || value === null || Array.isArray(value))) {
    return "arguments are one JSON object, as { }.";
  }
  // Of keys of one name the reader keeps the last, and nobody would miss the others.
  return colonsIn(text) > membersIn(value) ? "a key stands twice in one object; keep one of them." : undefined;
}

/** Outside of strings: one for each member that is written. */
const colonsIn = (json: string): number => json.replaceAll(/"(?:[^"\\]|\\.)*"/g, "").split(":").length - 1;

function membersIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const items = Object.values(value);
  return items.reduce((sum, item) => sum + membersIn(item), Array.isArray(value) ? 0 : items.length);
}
