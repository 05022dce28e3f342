/** What the editor keeps of a view while it is hidden, over reloads and after it was closed. */
import { type GroupKey, isGroupKey, isListQuery, type ListQuery } from "../../../schemas/rolloutView.ts";

export interface Persisted {
  /** Both are the panel's: it finds them here when the editor brings the view back. */
  runFolder: string;
  title: string;
  query: ListQuery;
  /** The first row that was seen; null at the top. */
  anchor: GroupKey | null;
  selected: GroupKey | null;
  detail: boolean;
}

export const firstQuery: ListQuery = { text: "", tool: "", outcome: "any", phase: "any", sort: "newest" };

/** What an older version kept, or nobody, is no reason to fail: what cannot be used is as it is at first. */
export function restore(kept: unknown, runFolder: string, title: string): Persisted {
  const { query, anchor, selected, detail } = (typeof kept === "object" && kept !== null ? kept : {}) as {
    [K in keyof Persisted]?: unknown;
  };
  return {
    runFolder,
    title,
    query: isListQuery(query) ? query : firstQuery,
    anchor: isGroupKey(anchor) ? anchor : null,
    selected: isGroupKey(selected) ? selected : null,
    detail: detail === true && isGroupKey(selected),
  };
}
