/** The page of the rollout view. */
import type { KeptView } from "../../schemas/rolloutView.ts";
import { type PageParts, viewPage } from "../views/page.ts";

export interface RolloutPageParts extends Omit<PageParts, "data"> {
  runFolder: string;
  /** How the view was left; undefined where nobody knows. */
  kept: KeptView | undefined;
}

export const rolloutPage = ({ runFolder, kept, ...page }: RolloutPageParts): string =>
  viewPage({
    ...page,
    data: { "run-folder": runFolder, title: page.title, kept: JSON.stringify(kept ?? null) },
  });
