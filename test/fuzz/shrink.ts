/** The smallest input that still fails, as far as taking pieces away leads: delta debugging (Zeller and Hildebrandt 2002). */

import { joined } from "./mutations.ts";

/**
 * @param fails whether an input fails as the first one did
 * @param most tries; what is smallest by then is returned
 */
export async function shrunk(
  input: Uint8Array,
  fails: (input: Uint8Array) => Promise<boolean>,
  most: number,
): Promise<Uint8Array> {
  let smallest = input;
  let left = most;
  for (let piece = Math.ceil(input.length / 2); piece >= 1 && left > 0; ) {
    let isSmaller = false;
    for (let at = 0; at < smallest.length && left > 0; ) {
      const without = joined(smallest.subarray(0, at), smallest.subarray(at + piece));
      left--;
      if (await fails(without)) {
        smallest = without;
        isSmaller = true;
      } else at += piece;
    }
    if (piece === 1 && !isSmaller) break;
    piece = isSmaller ? Math.min(piece, Math.max(1, smallest.length)) : Math.floor(piece / 2);
    if (smallest.length === 0) break;
  }
  return smallest;
}
