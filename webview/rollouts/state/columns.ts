/** Columns of the list: those that are always there, and those that a person chooses, in the order in which they stand. */
import type { Column, ListQuery, SortOrder } from "../../../schemas/rolloutView.ts";

export type ShownColumn = Column | "step" | "sample" | "outcomes";

interface ColumnFacts {
  id: ShownColumn;
  text: string;
  /** Rows that have it. */
  rows: ListQuery["rows"] | "both";
  always?: true;
  /** Orders that a click on its head goes through. */
  orders?: readonly SortOrder[];
}

const COLUMNS: readonly ColumnFacts[] = [
  { id: "step", text: "step", rows: "both", always: true, orders: ["newest", "oldest"] },
  { id: "sample", text: "sample", rows: "both", always: true, orders: ["sample"] },
  { id: "tools", text: "tools", rows: "both" },
  { id: "put", text: "drawn", rows: "both" },
  { id: "state", text: "state", rows: "both" },
  { id: "outcomes", text: "outcomes", rows: "both", always: true, orders: ["correctUp", "correctDown"] },
  { id: "reward", text: "reward", rows: "both", orders: ["rewardUp", "rewardDown"] },
  { id: "advantage", text: "advantage", rows: "both", orders: ["spreadDown"] },
  { id: "tokens", text: "tokens", rows: "rollouts" },
  { id: "entropy", text: "entropy", rows: "rollouts" },
  { id: "reason", text: "reason", rows: "rollouts" },
];

const has = (facts: ColumnFacts, rows: ListQuery["rows"]): boolean => facts.rows === "both" || facts.rows === rows;

/** Those that may be chosen. */
export const columnsOf = (rows: ListQuery["rows"]): { id: Column; text: string }[] =>
  COLUMNS.flatMap((facts) => {
    const { id, text } = facts;
    return has(facts, rows) && id !== "step" && id !== "sample" && id !== "outcomes" ? [{ id, text }] : [];
  });

/** Those that are shown, in their order. */
export const shownColumns = (rows: ListQuery["rows"], chosen: readonly Column[]): ShownColumn[] =>
  COLUMNS.filter((facts) => has(facts, rows) && (facts.always || chosen.some((one) => one === facts.id))).map(
    ({ id }) => id,
  );

export const columnText = (id: ShownColumn): string => COLUMNS.find((facts) => facts.id === id)?.text ?? id;

/** How the list is ordered by a column, for a screen reader; undefined where it is not. */
export function sortedBy(id: ShownColumn, sort: SortOrder): "ascending" | "descending" | undefined {
  const { orders = [] } = COLUMNS.find((facts) => facts.id === id) ?? {};
  if (!orders.includes(sort)) return undefined;
  return sort === "newest" || sort.endsWith("Down") ? "descending" : "ascending";
}

/** The order that a click on a column's head gives; undefined where it has none. */
export function nextOrder(id: ShownColumn, sort: SortOrder): SortOrder | undefined {
  const { orders = [] } = COLUMNS.find((facts) => facts.id === id) ?? {};
  return orders[(orders.indexOf(sort) + 1) % Math.max(1, orders.length)];
}
