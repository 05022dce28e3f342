/** What every view takes from the page it stands in. */
import type { Timers } from "./requests.ts";

export const pageTimers: Timers = {
  set: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clear: (timer) => clearTimeout(timer as number),
};

/** Draws once for all changes of one turn: the editor often says several things at a time. */
export function oncePerTurn(draw: () => void): () => void {
  let drawing = false;
  return () => {
    if (drawing) return;
    drawing = true;
    queueMicrotask(() => {
      drawing = false;
      draw();
    });
  };
}
