/** What every view takes from the page it stands in. */
import type { Timers } from "./requests.ts";

/** The editor, as a page speaks to it. */
interface Editor<Message, State> {
  postMessage(message: Message): void;
  /** What was kept, by whichever version of the view; undefined where nothing was. */
  getState(): unknown;
  setState(state: State): void;
}

declare function acquireVsCodeApi<Message, State>(): Editor<Message, State>;

/** A page can ask for it once. */
export const theEditor = <Message, State>(): Editor<Message, State> => acquireVsCodeApi<Message, State>();

/** Hands on whatever is said to the page. */
export function listen(receive: (message: unknown) => void): void {
  addEventListener("message", ({ data }: MessageEvent<unknown>) => receive(data));
}

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
