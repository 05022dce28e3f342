/** What is kept of a view while it is hidden, over reloads and after it was closed: by the editor, and by the panel. */
import { EVERYTHING, FIRST_VIEW, isKeptView, type KeptView } from "../../../schemas/rolloutView.ts";

export interface Persisted extends KeptView {
  /** Both are the panel's: it finds them here when the editor brings the view back. */
  runFolder: string;
  title: string;
}

/** The latest of what was kept. What nobody kept, or cannot be understood, is no reason to fail: the view is as it is at first. */
export function restore(kept: readonly unknown[], runFolder: string, title: string): Persisted {
  const latest = kept.map(viewIn).reduce((one, other) => (other.turn > one.turn ? other : one), FIRST_VIEW);
  return { ...latest, runFolder, title };
}

/** The part of a kept state that the panel keeps too. */
export function viewOf({ runFolder: _, title: __, ...view }: Persisted): KeptView {
  return view;
}

/** What an older version kept lacks what has come since. */
function viewIn(kept: unknown): KeptView {
  if (!isObject(kept)) return FIRST_VIEW;
  const names = Object.keys(FIRST_VIEW);
  const known = Object.fromEntries(Object.entries(kept).filter(([name]) => names.includes(name)));
  const view: unknown = {
    ...FIRST_VIEW,
    ...known,
    query: { ...EVERYTHING, ...(isObject(kept.query) ? kept.query : {}) },
  };
  return isKeptView(view) ? view : FIRST_VIEW;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
