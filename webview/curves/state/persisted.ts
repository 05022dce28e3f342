/** What the editor keeps of the view while it is hidden and over reloads. */

export interface Persisted {
  /** Both are the panel's: it finds them here when the editor brings the view back. */
  runFolder: string;
  title: string;
  /** Folders of the runs that are laid over the panel's own. */
  others: string[];
  /** Weight of what came before, 0 to below 1. */
  smoothing: number;
  /** Numbers instead of lines. */
  table: boolean;
  /** Published values beside the curves that mean the same. */
  published: boolean;
  /** Of the held-out questions whose episodes are shown; null for all of them. */
  category: string | null;
}

export const MOST_SMOOTHING = 0.99;

/** What an older version kept, or nobody, is no reason to fail: the view is as it is at first. */
export function restore(kept: unknown, runFolder: string, title: string): Persisted {
  const { others, smoothing, table, published, category } = (
    typeof kept === "object" && kept !== null ? kept : {}
  ) as Partial<Record<keyof Persisted, unknown>>;
  return {
    runFolder,
    title,
    others: Array.isArray(others) ? others.filter((one) => typeof one === "string" && one !== runFolder) : [],
    smoothing: typeof smoothing === "number" && smoothing >= 0 && smoothing <= MOST_SMOOTHING ? smoothing : 0.6,
    table: table === true,
    published: published === true,
    category: typeof category === "string" ? category : null,
  };
}
