/**
 * Numbers as a field shows them. Whatever is typed becomes a value at once, so that what is wrong with it can be said; and
 * whatever value the file has is shown so that it can be told from any other.
 */

/** @param json any value but an object or a list */
export function shownScalar(json: string): string {
  const value: unknown = JSON.parse(json);
  // Text that reads as something else keeps its quotes.
  return typeof value === "string" && !isJson(value) ? value : json;
}

/** JSON as it is written, with every digit; anything else as text. */
export const readScalar = (text: string): string => (isJson(text) ? text.trim() : JSON.stringify(text));

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value !== "object" || value === null;
  } catch {
    return false;
  }
}
