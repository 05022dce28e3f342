/** Where the rows of a long list stand, and which of them are seen: all are equally high, so nothing is kept of any of them. */

export const ROW_HEIGHT = 24;

/** Rows above and below the seen ones that are drawn too, so that scrolling finds them there. */
const OVERSCAN = 10;

/**
 * Rows to draw beyond the seen ones. Who scrolls farther than them at once finds none of them, and waits for every row that is
 * drawn: then there are none until the scrolling rests.
 *
 * @param moved pixels since the rows were drawn last
 */
export const overscanAfter = (moved: number): number => (Math.abs(moved) > OVERSCAN * ROW_HEIGHT ? 0 : OVERSCAN);

/** What is seen of the list, in pixels. */
export interface Viewport {
  /** Of what is seen, below the top of the list. */
  top: number;
  height: number;
  /** Of what stands above the rows and covers them when they scroll. */
  padding: number;
}

export const topOfRow = (index: number, { padding }: Pick<Viewport, "padding">): number => padding + index * ROW_HEIGHT;

/** Rows to draw, from the first to before the end. */
export function rowsIn(
  { top, height, padding }: Viewport,
  count: number,
  overscan: number = OVERSCAN,
): { first: number; end: number } {
  const first = Math.floor((top - padding) / ROW_HEIGHT) - overscan;
  const end = Math.ceil((top + height - padding) / ROW_HEIGHT) + overscan;
  return { first: Math.max(0, Math.min(first, count)), end: Math.max(0, Math.min(end, count)) };
}

/** Where to scroll so that the row is seen whole, as little as may be; the present place where it is. */
export function placeThatShows(index: number, { top, height, padding }: Viewport): number {
  const rowTop = topOfRow(index, { padding });
  if (rowTop < top + padding) return rowTop - padding;
  return Math.max(top, rowTop + ROW_HEIGHT - height);
}
