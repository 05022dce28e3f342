/** Which groups have a completion that holds a text. The only question about a list that has to read the completions. */
import { setImmediate as turn } from "node:timers/promises";
import { keyOf } from "../../../schemas/rolloutView.ts";
import type { GroupReader } from "../../../server/store/groupReader.ts";

/** Rows that are read before the worker looks at its messages again. */
const atOnce = 5000;

/**
 * @param wanted asked between slices; the search ends without a result once it is false
 * @returns keys of the groups, or undefined where the search was not wanted to its end
 */
export async function searchCompletions(
  reader: GroupReader,
  text: string,
  wanted: () => boolean,
): Promise<Set<string> | undefined> {
  const found = new Set<string>();
  const last = reader.lastRow();
  for (let first = 1; first <= last; first += atOnce) {
    for (const group of reader.matchingCompletions(text, first, Math.min(last, first + atOnce - 1))) {
      found.add(keyOf(group));
    }
    await turn();
    if (!wanted()) return undefined;
  }
  return found;
}
