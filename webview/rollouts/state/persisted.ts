/** What is kept of a view while it is hidden, over reloads and after it was closed: by the editor, and by the panel. */
import { FIRST_VIEW, type KeptView, keptViewIn } from "../../../schemas/rolloutView.ts";

export interface Persisted extends KeptView {
  /** Both are the panel's: it finds them here when the editor brings the view back. */
  runFolder: string;
  title: string;
}

/** The latest of what was kept. What nobody kept, or cannot be understood, is no reason to fail: the view is as it is at first. */
export function restore(kept: readonly unknown[], runFolder: string, title: string): Persisted {
  const latest = kept
    .map((one) => keptViewIn(one) ?? FIRST_VIEW)
    .reduce((one, other) => (other.turn > one.turn ? other : one), FIRST_VIEW);
  return { ...latest, runFolder, title };
}

/** The part of a kept state that the panel keeps too. */
export function viewOf({ runFolder: _, title: __, ...view }: Persisted): KeptView {
  return view;
}
