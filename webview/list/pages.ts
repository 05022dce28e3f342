/** The pages of a list, as a view asks for them. */
import type { KnownRows } from "./knownRows.ts";

/** Pages of the given size that are not all there, among the rows from `first` to before `end`. */
export function missingPages(
  { rows }: { rows: KnownRows<unknown> },
  first: number,
  end: number,
  size: number,
): number[] {
  const missing = new Set<number>();
  for (let index = Math.max(0, first); index < Math.min(end, rows.length); index++) {
    if (rows.at(index) === undefined) missing.add(index - (index % size));
  }
  return [...missing];
}

/** Rows above and below those looked at that stay known: a thumb that goes back and forth finds them there. */
const KEPT = 1000;

/** Forgets what is far from the rows that are looked at: a view that has seen a million rows holds some thousand. */
export const withoutFar = <Row>(
  rows: KnownRows<Row>,
  [first, end]: readonly [first: number, end: number],
): KnownRows<Row> => rows.only(first - KEPT, end + KEPT);
