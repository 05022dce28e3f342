/** What is kept of a view while it is hidden, over reloads and after it was closed: by the editor, and by the panel. */
import { EVERYTHING, isKeptView, type KeptView } from "../../../schemas/rolloutView.ts";

export interface Persisted extends KeptView {
  /** Both are the panel's: it finds them here when the editor brings the view back. */
  runFolder: string;
  title: string;
}

const first: KeptView = { turn: 0, query: EVERYTHING, anchor: null, selected: null, detail: false };

/** The latest of what was kept. What an older version kept, or nobody, is no reason to fail: the view is as it is at first. */
export function restore(kept: readonly unknown[], runFolder: string, title: string): Persisted {
  const latest = kept.map(viewIn).reduce((one, other) => (other.turn > one.turn ? other : one), first);
  return { ...latest, runFolder, title };
}

/** The part of a kept state that the panel keeps too. */
export function viewOf({ turn, query, anchor, selected, detail }: KeptView): KeptView {
  return { turn, query, anchor, selected, detail };
}

function viewIn(kept: unknown): KeptView {
  if (typeof kept !== "object" || kept === null) return first;
  const view = viewOf(kept as KeptView);
  return isKeptView(view) ? view : first;
}
