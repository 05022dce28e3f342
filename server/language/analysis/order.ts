/** Which of two places comes first: files by name, then positions. */
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import { comparePositions } from "../records/lines.ts";
import type { Origin } from "./scope.ts";

/** Whether the left place is before the right one, and not the same. */
export function isEarlier(left: Origin, leftRef: Ref, right: Origin, rightRef: Ref): boolean {
  if (leftRef === rightRef) return false;
  if (left.file !== right.file) return left.file < right.file;
  const records = comparePositions(left.start, right.start);
  // Places inside a record are looked for only where both are in the same one.
  return records === 0 ? comparePositions(left.locate(leftRef).start, right.locate(rightRef).start) < 0 : records < 0;
}
