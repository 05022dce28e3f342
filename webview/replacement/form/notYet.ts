/** Why a text that is typed as JSON is not in the file yet. */
import type { Fault } from "../../controls/FaultList.tsx";

/** @param object whether only an object will do; undefined for a text that is in the file */
export function notYet(text: string, { object = false } = {}): Fault | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!object || (typeof value === "object" && value !== null && !Array.isArray(value))) return undefined;
    return { severity: "error", sentence: "Not in the file yet: arguments are one JSON object, as { }." };
  } catch (error) {
    return { severity: "error", sentence: `Not in the file yet: ${error instanceof Error ? error.message : error}` };
  }
}
