/** What the view knows of its list, and what each message makes of it. Pure: the view's state is a fold over messages. */
import type { Delta, GroupKey, GroupRow, ViewResult } from "../../../schemas/rolloutView.ts";
import { keyOf } from "../../../schemas/rolloutView.ts";

export interface ListState {
  readonly list: number;
  /** Of the last delta that was applied. */
  readonly sequence: number;
  /** New groups that are not in the list. */
  readonly waiting: number;
  /** As many as the list is long; undefined where the view has not looked yet. */
  readonly rows: readonly (GroupRow | undefined)[];
}

export function opened({ list, total, start, rows }: ViewResult<"open">): ListState {
  const all = new Array<GroupRow | undefined>(total).fill(undefined);
  all.splice(start, rows.length, ...rows);
  return { list, sequence: 0, waiting: 0, rows: all };
}

/** The next state; `gap` where a delta in between was lost, `past` where this one says nothing new. */
export function withDelta(state: ListState, delta: Delta): ListState | "gap" | "past" {
  if (delta.list < state.list || (delta.list === state.list && delta.sequence <= state.sequence)) return "past";
  if (delta.list > state.list || delta.sequence !== state.sequence + 1) return "gap";
  const rows = [...state.rows];
  for (const splice of delta.splices) rows.splice(splice.at, splice.removed, ...splice.rows);
  // Should the two ends ever disagree, the store is right.
  if (rows.length !== delta.total) return "gap";
  return { ...state, sequence: delta.sequence, waiting: delta.waiting, rows };
}

/** Undefined where the page is not of this moment of the list; it is then asked for again. */
export function withPage(state: ListState, page: ViewResult<"page">): ListState | undefined {
  if (page.list !== state.list || page.sequence !== state.sequence) return undefined;
  const rows = [...state.rows];
  rows.splice(page.start, page.rows.length, ...page.rows);
  return rows.length === state.rows.length ? { ...state, rows } : undefined;
}

/** Pages of the given size that are not all there, among the rows from `first` to before `end`. */
export function missingPages({ rows }: ListState, first: number, end: number, size: number): number[] {
  const missing = new Set<number>();
  for (let index = Math.max(0, first); index < Math.min(end, rows.length); index++) {
    if (rows[index] === undefined) missing.add(index - (index % size));
  }
  return [...missing];
}

/** Index of a group among the rows that are known, or -1. */
export function indexOfGroup({ rows }: ListState, key: GroupKey): number {
  const wanted = keyOf(key);
  return rows.findIndex((row) => row !== undefined && keyOf(row) === wanted);
}
