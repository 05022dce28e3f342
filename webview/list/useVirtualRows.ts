/** Rows that are on the screen, of a list of any length: drawn anew only when others come into sight. */
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useRef } from "preact/hooks";
import { overscanAfter, placeThatShows, ROW_HEIGHT, rowsIn, topOfRow, type Viewport } from "./rowWindow.ts";

export { ROW_HEIGHT };

/** Scrolling rests when nothing has moved for so long. Milliseconds. */
const REST_MS = 100;

export interface Rows {
  getVirtualItems(): { index: number; start: number }[];
  /** Of the whole list, pixels. */
  getTotalSize(): number;
  /** Scrolls as little as shows the row whole. */
  scrollToIndex(index: number): void;
}

/** @param padding height of what stands above the rows and scrolls with them, in pixels */
export function useVirtualRows(scroller: RefObject<HTMLElement | null>, count: number, padding: number): Rows {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const viewport = useRef<Viewport>({ top: 0, height: 0, padding });
  const overscan = useRef(overscanAfter(0));
  const drawn = useRef({ first: 0, end: 0 });
  drawn.current = rowsIn(viewport.current, count, overscan.current);
  const latest = useRef(count);
  latest.current = count;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(rest);
      const top = element.scrollTop;
      overscan.current = overscanAfter(top - viewport.current.top);
      if (overscan.current === 0) rest = setTimeout(look, REST_MS);
      viewport.current = { top, height: element.clientHeight, padding };
      const { first, end } = rowsIn(viewport.current, latest.current, overscan.current);
      if (first !== drawn.current.first || end !== drawn.current.end) redraw(undefined);
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      clearTimeout(rest);
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [scroller, padding]);

  const { first, end } = drawn.current;
  return {
    getVirtualItems: () =>
      Array.from({ length: end - first }, (_, at) => ({ index: first + at, start: topOfRow(first + at, { padding }) })),
    getTotalSize: () => topOfRow(count, { padding }),
    scrollToIndex: (index) => {
      const element = scroller.current;
      if (element) element.scrollTop = placeThatShows(index, viewport.current);
    },
  };
}
