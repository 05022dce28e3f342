/** What the view knows of its list, and what each message makes of it. Pure: the view's state is a fold over messages. */
import type { Delta, GroupKey, GroupRow, SearchState, ViewResult } from "../../../schemas/rolloutView.ts";
import { groupOf, keyOf } from "../../../schemas/rolloutView.ts";
import { KnownRows } from "../../list/knownRows.ts";
import { withoutFar } from "../../list/pages.ts";

export interface ListState {
  readonly list: number;
  /** Of the last delta that was applied. */
  readonly sequence: number;
  /** New groups that are not in the list. */
  readonly waiting: number;
  readonly rows: KnownRows<GroupRow>;
  /** How far the search for the query's text has come; null where there is none. */
  readonly search: SearchState | null;
}

export function opened({ list, total, start, rows, search }: ViewResult<"open">): ListState {
  return { list, sequence: 0, waiting: 0, rows: KnownRows.unknown<GroupRow>(total).with(start, rows), search };
}

/** The next state; `gap` where a delta in between was lost, `past` where this one says nothing new. */
export function withDelta(state: ListState, delta: Delta): ListState | "gap" | "past" {
  if (delta.list < state.list || (delta.list === state.list && delta.sequence <= state.sequence)) return "past";
  if (delta.list > state.list || delta.sequence !== state.sequence + 1) return "gap";
  let { rows } = state;
  for (const splice of delta.splices) rows = rows.splice(splice.at, splice.removed, splice.rows, splice.more);
  // Should the two ends ever disagree, the store is right.
  if (rows.length !== delta.total) return "gap";
  return { ...state, sequence: delta.sequence, waiting: delta.waiting, rows };
}

/** Undefined where the page is not of this moment of the list; it is then asked for again. */
export function withPage(state: ListState, page: ViewResult<"page">): ListState | undefined {
  if (page.list !== state.list || page.sequence !== state.sequence) return undefined;
  if (page.start + page.rows.length > state.rows.length) return undefined;
  return { ...state, rows: state.rows.with(page.start, page.rows) };
}

/** What stays known where the rows from `first` to before `end` are looked at. */
export function near(state: ListState, first: number, end: number): ListState {
  return { ...state, rows: withoutFar(state.rows, [first, end]) };
}

/** Index of a row among those that are known, or -1. Where one of two is a group as a whole, it stands for its completions. */
export function indexOfRow({ rows }: ListState, key: GroupKey): number {
  const wanted = keyOf(groupOf(key));
  return rows.findIndex(
    (row) =>
      keyOf(groupOf(row)) === wanted &&
      (row.rollout === undefined || key.rollout === undefined || row.rollout === key.rollout),
  );
}
